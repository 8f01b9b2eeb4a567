import { afterAll } from "vitest";
import { type HistoryAtConvex, historyAtConvex } from "../../../tests/fixtures/convex-history.ts";
import { describeRemoteStore, describeStore } from "../../ports/store.contract.ts";

/** A machine with much to do must not look like a Convex that is down. */
const PATIENT = { attemptMs: 30_000, totalMs: 60_000 };

const histories: HistoryAtConvex[] = [];
afterAll(() => Promise.all(histories.map(({ deployment }) => deployment.stop())));

// Against the stand-in deployment of tests/fixtures, over real sockets.
describeStore(
  "Convex",
  async ({ now }) => {
    const { openStore } = await begin();
    return openStore({ now, timeouts: PATIENT });
  },
  { randomRuns: 10 },
);

describeRemoteStore("Convex", async ({ now }) => {
  const { deployment, openStore } = await begin();
  return {
    store: openStore({ now, timeouts: PATIENT }),
    loseNextAnswer: () => deployment.faults.next("drop-after"),
    failNextCall: () => deployment.faults.next("fail"),
  };
});

async function begin(): Promise<HistoryAtConvex> {
  const history = await historyAtConvex();
  histories.push(history);
  return history;
}
