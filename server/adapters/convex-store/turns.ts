import { internal } from "../../../convex/_generated/api.js";
import type { OpenTurn, TurnPlace } from "../../ports/store.ts";
import type { Calls } from "./calls.ts";
import { type Content, storedContent } from "./message-content.ts";
import type { TellingWrites } from "./telling-writes.ts";
import { bodyOf, searchTextOf } from "./write-content.ts";

/** The beginning of turns. A question is limited by what one request may bring, so it goes in one call. */
export function turns({ calls, writes }: { calls: Calls; writes: TellingWrites }) {
  return {
    check(userId: string, turn: TurnPlace): Promise<"ok" | "not-found" | "message-taken"> {
      return calls.query(internal.turns.check, { userId, turn: placeOf(turn) });
    },

    async open(userId: string, turn: OpenTurn): Promise<void> {
      const { createdAt, assistantMessageId } = turn;
      const args = {
        ...{ userId, turn: { ...placeOf(turn), assistantMessageId }, createdAt },
        title: searchTextOf(turn.title.toWellFormed()),
        question: bodyOf(storedContent({ ...EMPTY, parts: [...turn.question] })),
        answer: bodyOf(storedContent(EMPTY)),
      };
      await writes.run(
        userId,
        () => calls.mutation(internal.turns.open, args),
        (committed) => committed,
      );
    },
  };
}

const EMPTY: Content = { parts: [] };

function placeOf({ turnId, conversationId, parentId, userMessageId }: TurnPlace): TurnPlace {
  return { turnId, conversationId, parentId, userMessageId };
}
