import type { Conversation, Message } from "../../../lib/protocol/messages.ts";
import type { Change, Changes, PersonSettings } from "../../../lib/protocol/responses.ts";
import type { Store } from "../store.ts";
import { allChanges } from "./samples.ts";

/** A device: it holds what the changes feed told it so far, and the cursor from which it goes on. */
export class Replica {
  readonly userId: string;
  readonly conversations: Map<string, Conversation>;
  readonly messages: Map<string, Message>;
  settings: PersonSettings;
  #cursor: string | undefined;

  constructor(userId: string, copied?: Replica) {
    this.userId = userId;
    this.conversations = new Map(copied?.conversations);
    this.messages = new Map(copied?.messages);
    this.settings = copied?.settings ?? {};
    this.#cursor = copied?.cursor;
  }

  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Reads one page. */
  async pull(store: Store, limit: number): Promise<void> {
    const after = this.#cursor;
    const page = await store.changes(this.userId, { limit, ...(after !== undefined && { after }) });
    this.#take(page);
  }

  /** Reads to the end. */
  async drain(store: Store, limit: number): Promise<void> {
    this.#take(await allChanges(store, this.userId, limit, this.#cursor));
  }

  #take({ changes, settings, cursor }: Omit<Changes, "more">): void {
    for (const change of changes) this.#apply(change);
    this.settings = settings ?? this.settings;
    this.#cursor = cursor;
  }

  #apply(change: Change): void {
    if (change.kind === "conversation") this.conversations.set(change.conversation.id, change.conversation);
    if (change.kind === "message") this.messages.set(change.message.id, change.message);
    if (change.kind !== "deleted") return;
    this.conversations.delete(change.id);
    for (const [id, message] of this.messages) {
      if (message.conversationId === change.id) this.messages.delete(id);
    }
  }
}
