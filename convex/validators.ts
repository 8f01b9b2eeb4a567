import { type Infer, v } from "convex/values";

/** The shapes that schema, arguments and results are made of; each is named here once. Ids are the protocol's UUIDs. */

const role = v.union(v.literal("user"), v.literal("assistant"));

export const status = v.union(
  v.literal("streaming"),
  v.literal("complete"),
  v.literal("stopped"),
  v.literal("failed"),
  v.literal("interrupted"),
);

/** What a message is from its first day. */
export const messageFrame = {
  id: v.string(),
  conversationId: v.string(),
  parentId: v.union(v.string(), v.null()),
  turnId: v.string(),
  role,
  createdAt: v.string(),
};

/** Where the content of a message stands: in `content` when it is short, otherwise in `parts` rows of `contents`. */
export const contentPlace = {
  /** Names the content: the same content has the same version. */
  version: v.string(),
  /** What the rows of the content are found by. Never used again, so rows of another one, staged or left over, are nobody's. */
  key: v.number(),
  /** UTF-16 units of the whole content. */
  size: v.number(),
  content: v.union(v.string(), v.null()),
  parts: v.number(),
};

/** A piece of what can be found: as it was written, and the words by which the index finds it. */
export const searchText = v.object({ text: v.string(), terms: v.string() });
export type SearchText = Infer<typeof searchText>;

/** The content of a message on its way in: JSON, cut into pieces that a document can hold, and its search texts. */
export const messageBody = v.object({
  version: v.string(),
  size: v.number(),
  contents: v.array(v.string()),
  texts: v.array(searchText),
});
export type MessageBody = Infer<typeof messageBody>;

/** A message on its way out; `row` is what its contents are read by. */
export const messageRow = v.object({
  ...messageFrame,
  ...contentPlace,
  status,
  row: v.id("messages"),
  position: v.number(),
});

export const conversationRow = v.object({
  id: v.string(),
  title: v.string(),
  pinned: v.boolean(),
  archived: v.boolean(),
  unread: v.boolean(),
  createdAt: v.string(),
  /** Milliseconds since 1970. */
  updatedAt: v.number(),
});

export const turnPlace = v.object({
  turnId: v.string(),
  conversationId: v.string(),
  parentId: v.union(v.string(), v.null()),
  userMessageId: v.string(),
});
export type TurnPlace = Infer<typeof turnPlace>;

/** Which streaming row an answer is for. */
export const answerPlace = v.object({ id: v.string(), conversationId: v.string(), turnId: v.string() });
export type AnswerPlace = Infer<typeof answerPlace>;

/** A content of which some batches are here already and which no reader sees yet. */
export const stagedContent = v.object({ version: v.string(), key: v.number(), batches: v.number() });

export const settings = v.object({ model: v.optional(v.string()) });

/** The commit in which something that the changes feed tells was written; null: nothing was. */
export const committed = v.union(v.commitTs(), v.null());
