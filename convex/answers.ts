import { ConvexError, v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, type MutationCtx, type QueryCtx } from "./_generated/server.js";
import { activityOf, activityTime } from "./activity.ts";
import { placeOf, writeBody, writePieces } from "./bodies.ts";
import { type Found, ownMessage } from "./ownership.ts";
import {
  type AnswerPlace,
  answerPlace,
  committed,
  type MessageBody,
  messageBody,
  searchText,
  status,
} from "./validators.ts";

/**
 * Takes one batch of an answer that is too long for one mutation. No reader sees it before `save` names its version.
 * Batches come in order, and one that came before changes nothing. False: nobody waits for this answer any more.
 */
export const stage = internalMutation({
  args: {
    userId: v.string(),
    answer: answerPlace,
    version: v.string(),
    /** The number of this batch, from 0. */
    batch: v.number(),
    /** The number of the first content piece in it. */
    from: v.number(),
    contents: v.array(v.string()),
    texts: v.array(searchText),
  },
  returns: v.boolean(),
  handler: async (ctx, { userId, answer, version, batch, ...pieces }) => {
    const found = await streamingAnswer(ctx, userId, answer);
    if (found === null) return false;
    const { message, conversation } = found;
    const others = message.staged.filter((each) => each.version !== version);
    const known = message.staged.find((each) => each.version === version);
    const { key, batches } = known ?? { key: message.nextKey, batches: 0 };
    if (message.version === version || batch < batches) return true;
    if (batch > batches) throw notStaged();
    await writePieces(ctx, { userId, conversation: conversation._id, message: message._id, key }, pieces);
    const staged = [...others, { version, key, batches: batches + 1 }];
    await ctx.db.patch(message._id, { staged, nextKey: Math.max(message.nextKey, key + 1) });
    return true;
  },
});

/**
 * Writes an answer over its streaming row; the first end that was saved stands. `staged` is there when the body came in
 * batches before, and then the pieces of `body` are left out.
 */
export const save = internalMutation({
  args: {
    userId: v.string(),
    answer: answerPlace,
    status,
    body: messageBody,
    staged: v.union(v.object({ batches: v.number(), contents: v.number(), texts: v.number() }), v.null()),
    /** Milliseconds since 1970: the end of an answer is activity. */
    now: v.number(),
  },
  returns: committed,
  handler: async (ctx, { userId, answer, status, body, staged, now }) => {
    const found = await streamingAnswer(ctx, userId, answer);
    if (found === null) return null;
    const { message, conversation } = found;
    const isNew = message.version !== body.version;
    if (!isNew && status === "streaming") return null;

    const place = isNew ? newPlace(message, body, staged) : { key: message.key };
    await ctx.db.patch(message._id, { ...place, status, staged: [], ts: ctx.db.vars.commitTs });
    if (isNew && staged === null) {
      await writeBody(ctx, { userId, conversation: conversation._id, message: message._id, key: place.key }, body);
    }
    await sweepOthers(ctx, found, place.key);

    if (status !== "streaming") {
      const activity = activityOf(Math.max(now, activityTime(conversation.activity)), conversation.id);
      const lastEnded = (conversation.lastEnded ?? "") > message.id ? conversation.lastEnded : message.id;
      await ctx.db.patch(conversation._id, { activity, lastEnded, ts: ctx.db.vars.commitTs });
    }
    return ctx.db.vars.commitTs;
  },
});

type Staged = { batches: number; contents: number; texts: number };

/** Where the new content of an answer stands. */
function newPlace(message: Doc<"messages">, body: MessageBody, staged: Staged | null) {
  if (staged === null) return { ...placeOf(body), key: message.nextKey, nextKey: message.nextKey + 1 };
  const { version, size } = body;
  const known = message.staged.find((each) => each.version === version);
  if (known?.batches !== staged.batches) throw notStaged();
  return { version, size, key: known.key, content: null, parts: staged.contents, texts: staged.texts };
}

async function streamingAnswer(ctx: QueryCtx, userId: string, answer: AnswerPlace): Promise<Found | null> {
  const found = await ownMessage(ctx, userId, answer.id);
  if (found === null) return null;
  const { conversationId, turnId, role, status } = found.message;
  const isIt = conversationId === answer.conversationId && turnId === answer.turnId && role === "assistant";
  return isIt && status === "streaming" ? found : null;
}

/** What was read before and what was staged in vain is nobody's now. */
async function sweepOthers(ctx: MutationCtx, { message }: Found, key: number): Promise<void> {
  const hadRows = message.parts + message.texts > 0;
  const former = [...(hadRows ? [message.key] : []), ...message.staged.map((each) => each.key)];
  for (const other of former.filter((each) => each !== key)) {
    const what = { userId: message.userId, message: message._id, key: other };
    await ctx.scheduler.runAfter(0, internal.sweeping.content, what);
  }
}

/** The caller stages from the beginning. */
function notStaged(): ConvexError<{ code: "not_staged" }> {
  return new ConvexError({ code: "not_staged" });
}
