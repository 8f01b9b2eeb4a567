import type { Message } from "../protocol/messages.ts";

/** Messages by the place that they stand at, siblings from the oldest to the newest. */
export type MessageTree = {
  get(id: string): Message | undefined;
  /** The siblings below a message, or at the root (null). Rows whose parent is not loaded stand at the root. */
  below(parentId: string | null): readonly Message[];
};

export type RowTree = MessageTree & {
  /** The question of a turn. */
  question(turnId: string): Message | undefined;
};

/** The saved rows as a tree. Built once for each record of rows: a delta of a running answer leaves the record as it is. */
export function treeOfRows(rows: Readonly<Record<string, Message>>): RowTree {
  const known = TREES.get(rows);
  if (known) return known;
  const tree = buildTree(new Map(Object.entries(rows)));
  TREES.set(rows, tree);
  return tree;
}

const TREES = new WeakMap<Readonly<Record<string, Message>>, RowTree>();

/** The tree with a few more messages in it, each in the place of the row that has its id. */
export function withMessages(tree: MessageTree, added: readonly Message[]): MessageTree {
  if (added.length === 0) return tree;
  const byId = new Map(added.map((message) => [message.id, message]));
  const has = (id: string | null) => id !== null && (byId.has(id) || tree.get(id) !== undefined);
  const places = new Map<string | null, readonly Message[]>();
  const at = (parentId: string | null) => places.get(parentId) ?? tree.below(parentId);
  const put = (parentId: string | null, messages: readonly Message[]) => {
    const others = at(parentId).filter((row) => messages.every(({ id }) => id !== row.id));
    places.set(parentId, [...others, ...messages].toSorted(byAge));
  };
  // Rows that stood at the root only because their parent was missing.
  const roots = tree.below(null);
  const found = roots.filter(({ parentId }) => parentId !== null && byId.has(parentId));
  if (found.length > 0) {
    places.set(
      null,
      roots.filter((row) => !found.includes(row)),
    );
    for (const row of found) put(row.parentId, [row]);
  }
  for (const message of added) put(has(message.parentId) ? message.parentId : null, [message]);
  return { get: (id) => byId.get(id) ?? tree.get(id), below: at };
}

function buildTree(byId: ReadonlyMap<string, Message>): RowTree {
  const places = Map.groupBy(byId.values(), ({ parentId }) =>
    parentId !== null && byId.has(parentId) ? parentId : null,
  );
  for (const [parentId, siblings] of places) places.set(parentId, siblings.toSorted(byAge));
  const questions = [...byId.values()].filter(({ role }) => role === "user");
  const byTurn = new Map(questions.map((message) => [message.turnId, message]));
  return {
    get: (id) => byId.get(id),
    question: (turnId) => byTurn.get(turnId),
    below: (parentId) => places.get(parentId) ?? NOBODY,
  };
}

const NOBODY: readonly Message[] = [];

/** By time of creation; ids are UUIDv7 and settle what was made in the same millisecond. */
function byAge(a: Message, b: Message): number {
  return a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);
}
