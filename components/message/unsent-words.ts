import type { Standing } from "../../lib/chat/selectors.ts";

/** By how its first question stands: the mark of a conversation in a list that the server does not know yet. */
export const UNSENT_WORDS: Record<Standing, string> = {
  sending: "sending",
  queued: "waiting",
  waiting: "waiting",
  refused: "not sent",
};
