import type { Id } from "./_generated/dataModel.js";
import type { MutationCtx } from "./_generated/server.js";
import type { MessageBody, SearchText } from "./validators.ts";

/** UTF-16 units of a content that stays in its message's row: rows are read by the hundred. */
const INLINE_UNITS = 8_192;

/** Whose content it is, and by which key its rows are found. */
export type BodyOwner = {
  userId: string;
  conversation: Id<"conversations">;
  message: Id<"messages">;
  key: number;
};

/** The fields of a message's row that say where its content is. */
export function placeOf({ version, size, contents, texts }: MessageBody) {
  const [first = "", ...rest] = contents;
  const isInline = rest.length === 0 && first.length <= INLINE_UNITS;
  return {
    ...{ version, size, content: isInline ? first : null, parts: isInline ? 0 : contents.length },
    texts: texts.length,
  };
}

/** Writes what of a body does not stand in its message's row. */
export async function writeBody(ctx: MutationCtx, owner: BodyOwner, body: MessageBody): Promise<void> {
  const contents = placeOf(body).parts === 0 ? [] : body.contents;
  await writePieces(ctx, owner, { ...body, contents, from: 0 });
}

/** Writes pieces of a content, the first of which is piece number `from`, and search texts. */
export async function writePieces(
  ctx: MutationCtx,
  { userId, conversation, message, key }: BodyOwner,
  { from, contents, texts }: { from: number; contents: string[]; texts: SearchText[] },
): Promise<void> {
  for (const [offset, text] of contents.entries()) {
    await ctx.db.insert("contents", { userId, message, key, index: from + offset, text });
  }
  for (const { text, terms } of texts) {
    await ctx.db.insert("texts", { userId, conversation, message, key, text, terms });
  }
}
