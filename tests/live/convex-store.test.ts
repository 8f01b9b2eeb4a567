import { afterAll } from "vitest";
import { createConvexStore } from "../../server/adapters/convex-store/index.ts";
import { convexConfigOf } from "../../server/convex-config.ts";
import { describeStore } from "../../server/ports/store.contract.ts";
import type { OpenStore } from "../../server/ports/store-contract/samples.ts";
import { liveConfig } from "./live-config.ts";
import { ownPeople } from "./own-people.ts";

const convex = convexConfigOf(liveConfig("CONVEX_"));
if (convex === undefined) throw new Error("CONVEX_URL and CONVEX_DEPLOY_KEY are not set: npm test -- live-convex");
const people = ownPeople();

// Settings and allowed tools stay: the port has no way to remove those.
afterAll(async () => {
  const store = createConvexStore({ ...convex, timeouts: { attemptMs: 30_000, totalMs: 120_000 } });
  await people.removeAll(store);
  await store.close();
}, 600_000);

const open: OpenStore = async ({ now }) =>
  people.emptied(createConvexStore({ ...convex, now, onWatcherError: () => undefined }));

describeStore("A real Convex deployment", open, { randomRuns: 5 });
