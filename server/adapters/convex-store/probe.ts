import { internal } from "../../../convex/_generated/api.js";
import { CallFailure, DEPLOY } from "./call-failure.ts";
import { type DeploymentAddress, openDeployment } from "./deployment.ts";

/** `misconfigured` stays so until somebody does what `fault` says; `unreachable` may pass by itself. */
export type ProbeResult =
  | { is: "ready" }
  | { is: "misconfigured"; fault: string }
  | { is: "unreachable"; reason: string };

/** What one quick call tells of a deployment, before a server begins to rely on it. */
export async function probeConvex(address: DeploymentAddress, attemptMs = 5_000): Promise<ProbeResult> {
  const deployment = openDeployment(address, { attemptMs, signal: new AbortController().signal });
  try {
    await deployment.mutation(internal.readiness.check, {});
    return { is: "ready" };
  } catch (error) {
    const { setupFault, isTransient, message } = new CallFailure(error, address.deployKey);
    if (isTransient) return { is: "unreachable", reason: message };
    // A function that does nothing cannot fail by itself. Production deployments leave the reason out of their answers.
    return {
      is: "misconfigured",
      fault: setupFault ?? `Convex does not run Sidestream's functions (${message}): ${DEPLOY}`,
    };
  }
}
