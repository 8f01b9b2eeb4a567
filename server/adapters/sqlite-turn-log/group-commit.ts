/** What a group commit does with its groups. */
export type CommitTarget<Group> = {
  newGroup(): Group;
  /** Makes the group durable, all of it or nothing. Throws when it cannot. */
  write(group: Group): void;
  /** Tells of a group that is durable. Must not throw. */
  publish(group: Group): void;
  /** Takes back in memory what a group that could not be written had announced. Must not throw. */
  undo(group: Group): void;
  /** Called while nothing waits; true: call again after the next interval. Must not throw. */
  rest(): boolean;
};

/**
 * Decides when the open group is committed: at once when nothing was committed for `intervalMs`, else as soon as that
 * time is over. A lone stream waits for nothing, and two hundred share the cost of a commit.
 */
export class GroupCommit<Group> {
  readonly #target: CommitTarget<Group>;
  readonly #intervalMs: number;
  #group: Group;
  #waiting: PromiseWithResolvers<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #cooling = false;
  #held = false;
  #closed = false;

  constructor(target: CommitTarget<Group>, intervalMs: number) {
    this.#target = target;
    this.#intervalMs = intervalMs;
    this.#group = target.newGroup();
  }

  /** The group that takes what is to be committed next; `request` must follow in the same step. */
  get group(): Group {
    return this.#group;
  }

  /** Resolves when the open group is committed and published; rejects when it could not be written. */
  request(): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("the turn log is closed"));
    this.#waiting ??= Promise.withResolvers<void>();
    const { promise } = this.#waiting;
    if (!this.#held && !this.#cooling) this.#commit();
    return promise;
  }

  /** Runs a step during which nothing is committed, whatever the step calls. */
  hold<Result>(step: () => Result): Result {
    const held = this.#held;
    this.#held = true;
    try {
      return step();
    } finally {
      this.#held = held;
      if (!held && !this.#cooling && this.#waiting !== undefined) this.#cool();
    }
  }

  /** Commits what waits and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    // A reader may have asked for the end while a group is being published: that has to be over first.
    await Promise.resolve();
    if (this.#waiting !== undefined) this.#commit();
    clearTimeout(this.#timer);
  }

  #commit(): void {
    const group = this.#group;
    const waiting = this.#waiting;
    this.#group = this.#target.newGroup();
    this.#waiting = undefined;
    const failure = this.hold(() => this.#tryToCommit(group));
    if (failure === undefined) waiting?.resolve();
    else waiting?.reject(failure.error);
    if (!this.#closed) this.#cool();
  }

  #tryToCommit(group: Group): { error: unknown } | undefined {
    try {
      this.#target.write(group);
    } catch (error) {
      this.#target.undo(group);
      return { error };
    }
    this.#target.publish(group);
    return undefined;
  }

  #cool(): void {
    this.#cooling = true;
    this.#timer = this.#timer?.refresh() ?? setTimeout(() => this.#tick(), this.#intervalMs);
  }

  #tick(): void {
    this.#cooling = false;
    if (this.#waiting !== undefined) this.#commit();
    else if (this.#target.rest()) this.#cool();
  }
}
