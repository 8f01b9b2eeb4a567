import { internal } from "../../../convex/_generated/api.js";
import type { Message } from "../../../lib/protocol/messages.ts";
import { refusalOf } from "./call-failure.ts";
import type { Calls } from "./calls.ts";
import { type StoredContent, storedContent } from "./message-content.ts";
import type { TellingWrites } from "./telling-writes.ts";
import { batchCount, batchOf, bodyOf, bodyOfStaged, fitsOneCall } from "./write-content.ts";

/**
 * Saves answers over their streaming rows. A long one is staged under its content's name, where nobody sees it, and becomes
 * the answer in the last call, so a reader has the old row or the whole new one. All of it may be repeated.
 */
export function answerWriter(deps: { calls: Calls; writes: TellingWrites; now: () => Date }) {
  const { calls, writes, now } = deps;

  /** False when nobody waits for this answer any more. */
  const stage = async (userId: string, message: Message, content: StoredContent): Promise<boolean> => {
    const answer = placeOf(message);
    for (let batch = 0; batch < batchCount(content); batch += 1) {
      const args = { userId, answer, version: content.version, ...batchOf(content, batch) };
      if (!(await calls.mutation(internal.answers.stage, args)).result) return false;
    }
    return true;
  };

  return async (userId: string, message: Message): Promise<void> => {
    const content = storedContent(message);
    const call = { userId, answer: placeOf(message), status: message.status, now: now().getTime() };
    if (fitsOneCall(content)) {
      const args = { ...call, body: bodyOf(content), staged: null };
      await writes.run(
        userId,
        () => calls.mutation(internal.answers.save, args),
        (committed) => committed,
      );
      return;
    }
    const staged = { batches: batchCount(content), contents: content.pieces.length, texts: content.texts.length };
    const args = { ...call, body: bodyOfStaged(content), staged };
    for (let round = 1; await stage(userId, message, content); round += 1) {
      try {
        await writes.run(
          userId,
          () => calls.mutation(internal.answers.save, args),
          (committed) => committed,
        );
        return;
      } catch (error) {
        // Another end of this answer was being staged at the same time, and what was staged here is gone.
        if (refusalOf(error) !== "not_staged" || round === MOST_ROUNDS) throw error;
      }
    }
  };
}

const MOST_ROUNDS = 3;

function placeOf({ id, conversationId, turnId }: Message) {
  return { id, conversationId, turnId };
}
