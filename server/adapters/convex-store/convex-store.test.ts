import { afterAll, describe, expect, it } from "vitest";
import { type ConvexDeployment, startConvexDeployment } from "../../../tests/fixtures/convex-deployment/index.ts";
import { modules, schema } from "../../../tests/fixtures/sidestream-functions.ts";
import { describeStore } from "../../ports/store.contract.ts";
import { createConvexStore } from "./index.ts";

const deployments: ConvexDeployment[] = [];
afterAll(() => Promise.all(deployments.map((deployment) => deployment.stop())));

describeStore(
  "Convex",
  async ({ now }) => {
    const deployment = await startConvexDeployment({ schema, modules });
    deployments.push(deployment);
    const { url, adminKey: deployKey } = deployment;
    return createConvexStore({ url, deployKey, now, onWatcherError: () => undefined });
  },
  { randomRuns: 5 },
);

describe("x", () => {
  it("y", () => expect(1).toBe(1));
});
