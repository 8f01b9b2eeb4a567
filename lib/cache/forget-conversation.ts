import { type Loss, type PendingQuestion, pendingQuestionSchema } from "../messaging/keeper-state.ts";
import { isOfPerson } from "../messaging/person-patch.ts";
import type { Transaction } from "./database.ts";
import { editSchema, type KeptConversation, keptConversationSchema, readRow, readRows, readText } from "./rows.ts";

/** Removes a conversation with its messages and its draft. */
export async function forgetConversation(transaction: Transaction<"readwrite">, id: string): Promise<void> {
  const messages = transaction.objectStore("messages");
  await transaction.objectStore("conversations").delete(id);
  await transaction.objectStore("drafts").delete(id);
  for (const key of await messages.index("conversationId").getAllKeys(id)) await messages.delete(key);
}

/**
 * Makes losses of what waits here for a conversation that is gone: of a change that the person made, of each question
 * and of a half-written one. A read mark is no loss, nor is what the person deleted. The title is that of the row, or `known` when there
 * is no row any more.
 */
export async function loseUnsent(transaction: Transaction<"readwrite">, id: string, known = ""): Promise<Loss[]> {
  const edits = transaction.objectStore("edits");
  const edit = readRow(editSchema, await edits.get(id));
  const row = await conversationIn(transaction, id);
  const title = (edit?.kind === "patch" ? edit.patch.title : undefined) ?? row?.title ?? known;
  const draft = readText(await transaction.objectStore("drafts").get(id));
  const questions = await dropQuestions(transaction, id);
  await transaction.objectStore("drafts").delete(id);
  await edits.delete(id);
  if (edit?.kind === "delete") return [];
  const lost = questions.map((question): Loss => {
    return { id: question.turn.turnId, title, what: "question", text: textOf(question) };
  });
  if (draft !== undefined) lost.unshift({ id, title, what: "question", text: draft });
  else if (edit?.kind === "patch" && isOfPerson(edit.patch)) lost.unshift({ id, title, what: "edit" });
  for (const loss of lost) await transaction.objectStore("losses").put(loss);
  return lost;
}

/** Takes the questions of a conversation out of the outbox and returns them. */
export async function dropQuestions(transaction: Transaction<"readwrite">, id: string): Promise<PendingQuestion[]> {
  const outbox = transaction.objectStore("outbox");
  const all = readRows(pendingQuestionSchema, await outbox.getAll());
  const own = all.filter(({ turn }) => turn.conversationId === id);
  for (const { turn } of own) await outbox.delete(turn.turnId);
  return own;
}

export async function conversationIn<Mode extends IDBTransactionMode>(
  transaction: Transaction<Mode>,
  id: string,
): Promise<KeptConversation | undefined> {
  return readRow(keptConversationSchema, await transaction.objectStore("conversations").get(id));
}

function textOf({ turn }: PendingQuestion): string {
  return turn.message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
