import type { LiveTurn } from "./live-turn.ts";

type Place = { turnId: string; userId: string; conversationId: string };

/**
 * The turns without a terminal event, at most one in a conversation. A conversation is known by its user as well:
 * another user's claim on the same id must neither be hindered nor learn anything.
 */
export class RunningTurns {
  readonly #byId = new Map<string, LiveTurn>();
  readonly #occupied = new Map<string, string>();
  readonly #reserved = new Set<string>();

  get(turnId: string): LiveTurn | undefined {
    return this.#byId.get(turnId);
  }

  in(userId: string, conversationId: string): LiveTurn | undefined {
    const turnId = this.#occupied.get(keyOf(userId, conversationId));
    return turnId === undefined ? undefined : this.#byId.get(turnId);
  }

  all(): IterableIterator<LiveTurn> {
    return this.#byId.values();
  }

  /** Whether the turn's claim waits for its commit. */
  isReserved(turnId: string): boolean {
    return this.#reserved.has(turnId);
  }

  /** Takes the conversation for a turn whose claim is about to be committed; false when another has it. */
  reserve({ turnId, userId, conversationId }: Place): boolean {
    const key = keyOf(userId, conversationId);
    if (this.#occupied.has(key)) return false;
    this.#occupied.set(key, turnId);
    this.#reserved.add(turnId);
    return true;
  }

  /** Gives back what `reserve` took: the claim could not be committed. */
  release({ turnId, userId, conversationId }: Place): void {
    this.#reserved.delete(turnId);
    this.#vacate(turnId, userId, conversationId);
  }

  add(turn: LiveTurn): void {
    this.#reserved.delete(turn.turnId);
    this.#occupied.set(keyOf(turn.userId, turn.conversationId), turn.turnId);
    this.#byId.set(turn.turnId, turn);
  }

  remove(turn: LiveTurn): void {
    this.#byId.delete(turn.turnId);
    this.#vacate(turn.turnId, turn.userId, turn.conversationId);
  }

  #vacate(turnId: string, userId: string, conversationId: string): void {
    const key = keyOf(userId, conversationId);
    if (this.#occupied.get(key) === turnId) this.#occupied.delete(key);
  }
}

/** A conversation's id has no space, whatever the user's id is made of. */
function keyOf(userId: string, conversationId: string): string {
  return `${conversationId} ${userId}`;
}
