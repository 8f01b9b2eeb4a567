import type { TurnBatch, TurnReader } from "../../ports/turn-log.ts";

type Subscription = { readonly reader: TurnReader; open: boolean };
type Subscriptions = readonly Subscription[];
type Subject = Pick<TurnBatch, "turnId"> & { userId: string };

/**
 * Who follows what. Lists are replaced and never changed, so whoever comes or goes during a delivery changes nothing
 * of it: a newcomer has had the batch in its replay.
 */
export class Audience {
  readonly #ofTurn = new Map<string, Subscriptions>();
  readonly #ofUser = new Map<string, Subscriptions>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Adds a reader of one turn; returns the end of it. */
  followTurn(turnId: string, reader: TurnReader): () => void {
    return subscribe(this.#ofTurn, turnId, reader);
  }

  /** Adds a reader of all turns of a user; returns the end of it. */
  followUser(userId: string, reader: TurnReader): () => void {
    return subscribe(this.#ofUser, userId, reader);
  }

  /** Hands a batch to all who follow its turn. */
  publish(batch: TurnBatch, userId: string): void {
    const ofTurn = this.#ofTurn.get(batch.turnId);
    const ofUser = this.#ofUser.get(userId);
    if (batch.ended) this.#ofTurn.delete(batch.turnId);
    if (ofTurn) for (const subscription of ofTurn) if (subscription.open) this.deliver(subscription.reader, batch);
    if (ofUser) for (const subscription of ofUser) if (subscription.open) this.deliver(subscription.reader, batch);
  }

  /** Tells all who follow the turn that it was dropped. */
  dismiss({ turnId, userId }: Subject): void {
    const ofTurn = this.#ofTurn.get(turnId);
    const ofUser = this.#ofUser.get(userId);
    this.#ofTurn.delete(turnId);
    for (const { open, reader } of [...(ofTurn ?? []), ...(ofUser ?? [])]) if (open) this.#sayGone(reader, turnId);
  }

  /** Hands a batch to one reader. One that throws stays: its client sees the gap and attaches again. */
  deliver(reader: TurnReader, batch: TurnBatch): void {
    try {
      reader.onBatch(batch);
    } catch (error) {
      this.#onError(error);
    }
  }

  #sayGone(reader: TurnReader, turnId: string): void {
    try {
      reader.onGone?.(turnId);
    } catch (error) {
      this.#onError(error);
    }
  }
}

function subscribe(lists: Map<string, Subscriptions>, key: string, reader: TurnReader): () => void {
  const subscription: Subscription = { reader, open: true };
  lists.set(key, [...(lists.get(key) ?? []), subscription]);
  return () => {
    if (!subscription.open) return;
    subscription.open = false;
    const rest = (lists.get(key) ?? []).filter((other) => other !== subscription);
    if (rest.length > 0) lists.set(key, rest);
    else lists.delete(key);
  };
}
