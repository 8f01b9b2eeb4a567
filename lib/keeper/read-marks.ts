import type { Cache } from "../cache/cache.ts";
import type { Applied } from "../cache/history.ts";
import type { Message } from "../protocol/messages.ts";
import type { Edits } from "./edits.ts";
import type { Shown } from "./shown.ts";

export type ReadMarksOptions = {
  cache: Pick<Cache, "messagesOf">;
  edits: Pick<Edits, "keep">;
  shown: Shown;
  isSeen(conversationId: string): boolean;
};

export type ReadMarks = ReturnType<typeof createReadMarks>;

/** Tells the server up to where the person has read what is in view. */
export function createReadMarks({ cache, edits, shown, isSeen }: ReadMarksOptions) {
  /** Turns whose end came while it was in view, until it comes as history. */
  const seenEnds = new Set<string>();

  /** The person sees these messages of a conversation. */
  async function see(conversationId: string, messages: readonly Message[]): Promise<void> {
    const newest = newestAnswer(messages)?.id;
    const isUnread = shown.server(conversationId)?.unread === true;
    if (!isUnread || newest === undefined || newest <= shown.readUpTo(conversationId)) return;
    await edits.keep({ kind: "patch", key: conversationId, patch: { readUpTo: newest } });
  }

  return {
    see,

    /** An answer came to its end; who sees that may be elsewhere when the end comes as history. */
    end(conversationId: string, turnId: string): void {
      if (isSeen(conversationId)) seenEnds.add(turnId);
    },

    /** Answers that ended in a conversation that is in view, or was at their end, are read. */
    async afterPage({ conversations, messages }: Applied): Promise<void> {
      for (const { id } of conversations.filter((row) => row.unread)) {
        const came = messages.filter((message) => message.conversationId === id);
        const newest = newestAnswer(came);
        const wasSeen = newest !== undefined && seenEnds.has(newest.turnId);
        if (!wasSeen && !isSeen(id)) continue;
        await see(id, newest === undefined ? (await cache.messagesOf(id)).messages : came);
      }
      for (const { turnId } of messages.filter(isEnded)) seenEnds.delete(turnId);
    },
  };
}

/** The newest answer that has ended; ids grow with time. */
function newestAnswer(messages: readonly Message[]): Message | undefined {
  return messages.filter(isEnded).toSorted((a, b) => (a.id < b.id ? 1 : -1))[0];
}

function isEnded({ role, status }: Message): boolean {
  return role === "assistant" && status !== "streaming";
}
