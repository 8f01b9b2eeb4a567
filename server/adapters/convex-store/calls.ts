import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import pRetry from "p-retry";
import { asApiError, CallFailure, refusalOf } from "./call-failure.ts";
import type { Deployment } from "./deployment.ts";

type Query = FunctionReference<"query", "internal">;
type Mutation = FunctionReference<"mutation", "internal">;

/** Calls that are repeated while that may help. Fail with ApiError `unavailable`, or with the ConvexError of a refusal. */
export type Calls = {
  query<Called extends Query>(called: Called, args: FunctionArgs<Called>): Promise<FunctionReturnType<Called>>;
  /** `repeated`: an attempt before may have been committed without our knowing. */
  mutation<Called extends Mutation>(
    called: Called,
    args: FunctionArgs<Called>,
  ): Promise<{ result: FunctionReturnType<Called>; repeated: boolean }>;
};

export function retryingCalls(
  deployment: Deployment,
  options: { deployKey: string; totalMs: number; signal: AbortSignal },
): Calls {
  const { deployKey, totalMs, signal } = options;

  const run = async <Result>(attempt: () => Promise<Result>): Promise<{ result: Result; repeated: boolean }> => {
    let attempts = 0;
    try {
      const result = await pRetry(
        async () => {
          attempts += 1;
          signal.throwIfAborted();
          return await attempt().catch((error: unknown) => {
            throw refusalOf(error) === undefined ? new CallFailure(error, deployKey) : error;
          });
        },
        {
          ...{ retries: 20, minTimeout: 50, maxTimeout: 500, randomize: true, maxRetryTime: totalMs, signal },
          shouldRetry: ({ error }) => error instanceof CallFailure && error.isTransient,
        },
      );
      return { result, repeated: attempts > 1 };
    } catch (error) {
      if (refusalOf(error) !== undefined) throw error;
      throw asApiError(error instanceof CallFailure ? error : new CallFailure(error, deployKey));
    }
  };

  return {
    query: async (called, args) => (await run(() => deployment.query(called, args))).result,
    mutation: (called, args) => run(() => deployment.mutation(called, args)),
  };
}
