import { type Refusal, refusalOf } from "../messaging/refusal.ts";

/** What a panel is told of a failed request: what happened and, where the person can do something, what. */
export function explain(error: unknown, isUnreachable: (error: unknown) => boolean): Refusal {
  if (!(error instanceof Error) || !isUnreachable(error)) return refusalOf(error);
  return { code: "unreachable", message: `${error.message} Check that it runs, then try again.` };
}
