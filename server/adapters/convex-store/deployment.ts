import { ConvexHttpClient } from "convex/browser";
import {
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
  getFunctionName,
  makeFunctionReference,
} from "convex/server";
import { HttpRefusal } from "./call-failure.ts";

type Query = FunctionReference<"query", "internal">;
type Mutation = FunctionReference<"mutation", "internal">;

export type DeploymentAddress = { url: string; deployKey: string };

/** What this adapter uses of a Convex deployment: its internal functions, called with the deploy key. */
export type Deployment = {
  /** One attempt. */
  query<Called extends Query>(called: Called, args: FunctionArgs<Called>): Promise<FunctionReturnType<Called>>;
  /** One attempt. Calls do not wait for each other. */
  mutation<Called extends Mutation>(called: Called, args: FunctionArgs<Called>): Promise<FunctionReturnType<Called>>;
};

/** Calls over HTTP. Each attempt ends after `attemptMs` milliseconds, or with `signal`. */
export function openDeployment(
  { url, deployKey }: DeploymentAddress,
  { attemptMs, signal }: { attemptMs: number; signal: AbortSignal },
): Deployment {
  const client = new ConvexHttpClient(url, {
    skipConvexDeploymentUrlCheck: true,
    logger: false,
    fetch: async (input, init) => {
      const response = await fetch(input, {
        ...init,
        signal: AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]),
      });
      // The client knows 560 as "the function failed", and drops the status of everything else.
      if (!response.ok && response.status !== 560) throw new HttpRefusal(response.status, await response.text());
      return response;
    },
  });
  giveDeployKey(client, deployKey);

  return {
    query: (called, args) => client.query(makeFunctionReference<"query">(getFunctionName(called)), args),
    mutation: (called, args) =>
      client.mutation(makeFunctionReference<"mutation">(getFunctionName(called)), args, { skipQueue: true }),
  };
}

/** `setAdminAuth` is in both clients and left out of their types; without it internal functions cannot be called. */
export function giveDeployKey(client: object, deployKey: string): void {
  if (!("setAdminAuth" in client) || typeof client.setAdminAuth !== "function") {
    throw new Error("This version of the convex package has no setAdminAuth: the Convex store cannot work with it.");
  }
  client.setAdminAuth(deployKey);
}
