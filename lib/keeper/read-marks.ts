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
  /** The person sees these messages of a conversation. */
  async function see(conversationId: string, messages: readonly Message[]): Promise<void> {
    const newest = newestAnswer(messages);
    const isUnread = shown.server(conversationId)?.unread === true;
    if (!isUnread || newest === undefined || newest <= shown.readUpTo(conversationId)) return;
    await edits.keep({ kind: "patch", key: conversationId, patch: { readUpTo: newest } });
  }

  return {
    see,
    /** Answers that ended in a conversation that is in view are read. */
    async afterPage({ conversations, messages }: Applied): Promise<void> {
      for (const { id } of conversations.filter((row) => row.unread && isSeen(row.id))) {
        const came = messages.filter((message) => message.conversationId === id);
        await see(id, newestAnswer(came) === undefined ? (await cache.messagesOf(id)).messages : came);
      }
    },
  };
}

/** The id of the newest answer that has ended; ids grow with time. */
function newestAnswer(messages: readonly Message[]): string | undefined {
  return messages
    .filter(({ role, status }) => role === "assistant" && status !== "streaming")
    .map(({ id }) => id)
    .toSorted()
    .at(-1);
}
