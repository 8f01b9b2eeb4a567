import { afterAll } from "vitest";
import { type HistoryAtConvex, historyAtConvex } from "../../../tests/fixtures/convex-history.ts";
import { describeRemoteStore, describeStore } from "../../ports/store.contract.ts";

const histories: HistoryAtConvex[] = [];
afterAll(() => Promise.all(histories.map(({ deployment }) => deployment.stop())));

// Against the stand-in deployment of tests/fixtures, over real sockets.
describeStore(
  "Convex",
  async ({ now }) => {
    const { openStore } = await begin();
    return openStore({ now });
  },
  { randomRuns: 10 },
);

describeRemoteStore("Convex", async ({ now }) => {
  const { deployment, openStore } = await begin();
  return {
    store: openStore({ now }),
    loseNextAnswer: () => deployment.faults.next("drop-after"),
    failNextCall: () => deployment.faults.next("fail"),
  };
});

async function begin(): Promise<HistoryAtConvex> {
  const history = await historyAtConvex();
  histories.push(history);
  return history;
}
