import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { Message } from "../../../lib/protocol/messages.ts";
import type { OpenTurn, TurnPlace } from "../../ports/store.ts";
import type { Commits, Revise } from "./commits.ts";
import { contentOf } from "./row-schemas.ts";
import type { SearchIndex } from "./search-index.ts";

/** What a turn writes: its conversation, its question and its answer. */
export function turnRows(db: DatabaseSync, deps: { commits: Commits; index: SearchIndex; now: () => Date }) {
  const { commits, index, now } = deps;
  const standing = turnStanding(db);
  const idTaken = db.prepare("SELECT 1 FROM messages WHERE id = $id");
  const insertConversation = db.prepare(`
    INSERT INTO conversations (id, user_id, title, pinned, archived, created_at, updated_at, revision)
    VALUES ($id, $userId, $title, 0, 0, $createdAt, $at, $revision)`);
  const touchConversation = db.prepare(`
    UPDATE conversations SET updated_at = max(updated_at, $at), revision = $revision WHERE id = $id`);
  const endAnswer = db.prepare(`
    UPDATE conversations SET updated_at = max(updated_at, $at), revision = $revision,
      last_ended = max(coalesce(last_ended, ''), $answerId) WHERE id = $id`);
  const insertMessage = db.prepare(`
    INSERT INTO messages (id, user_id, conversation_id, parent_id, turn_id, role, status, created_at, revision, content)
    VALUES ($id, $userId, $conversationId, $parentId, $turnId, $role, $status, $createdAt, $revision, $content)`);
  const selectAnswer = db.prepare(`
    SELECT status, content FROM messages WHERE id = $id AND user_id = $userId AND conversation_id = $conversationId
      AND turn_id = $turnId AND role = 'assistant'`);
  const updateAnswer = db.prepare(`
    UPDATE messages SET status = $status, content = $content, revision = $revision WHERE id = $id`);

  const addMessage = (userId: string, message: Message, revise: Revise) => {
    const { id, conversationId, parentId, turnId, role, status, createdAt } = message;
    const revision = revise();
    const content = contentOf(message);
    insertMessage.run({
      ...{ id, userId, conversationId, parentId, turnId, role, status, createdAt },
      ...{ revision, content },
    });
    index.putMessage(userId, message);
  };

  return {
    check(userId: string, turn: TurnPlace): "ok" | "not-found" | "message-taken" {
      const standsAs = standing(userId, turn);
      return standsAs === "free" || standsAs === "known" ? "ok" : standsAs;
    },

    open(userId: string, turn: OpenTurn): void {
      commits.write(userId, (revise) => {
        if (standing(userId, turn) !== "free") return;
        if (turn.assistantMessageId === turn.userMessageId || idTaken.get({ id: turn.assistantMessageId })) return;
        const { conversationId: id, createdAt } = turn;
        const at = Date.parse(createdAt);
        const isKnown = touchConversation.run({ id, at, revision: revise() }).changes > 0;
        if (!isKnown) {
          const title = turn.title.toWellFormed();
          insertConversation.run({ id, userId, title, createdAt, at, revision: revise() });
          index.putTitle(userId, id, title);
        }
        addMessage(userId, questionOf(turn), revise);
        addMessage(userId, emptyAnswerOf(turn), revise);
      });
    },

    /** The first end that was saved stands: only a streaming row is written over. */
    saveAnswer(userId: string, answer: Message): void {
      commits.write(userId, (revise) => {
        const { id, conversationId, turnId, status } = answer;
        const saved = answerRow.safeParse(selectAnswer.get({ id, userId, conversationId, turnId })).data;
        const content = contentOf(answer);
        if (saved?.status !== "streaming" || (status === "streaming" && saved.content === content)) return;
        updateAnswer.run({ id, status, content, revision: revise() });
        index.putMessage(userId, answer);
        if (status === "streaming") return;
        endAnswer.run({ id: conversationId, answerId: id, at: now().getTime(), revision: revise() });
      });
    },
  };
}

/**
 * How the ids of a turn stand: `known` when its question is in the store already. A turn id that another question has
 * is `not-found`, because a turn is not asked twice.
 */
function turnStanding(db: DatabaseSync) {
  const selectOwner = db.prepare(`
    SELECT user_id AS userId, 0 AS deleted FROM conversations WHERE id = $id
    UNION ALL SELECT user_id, 1 FROM tombstones WHERE conversation_id = $id`);
  const selectMessage = db.prepare(`
    SELECT user_id AS userId, conversation_id AS conversationId, turn_id AS turnId, role FROM messages WHERE id = $id`);
  const selectTurn = db.prepare("SELECT 1 FROM messages WHERE turn_id = $turnId");

  return (userId: string, turn: TurnPlace): "free" | "known" | "not-found" | "message-taken" => {
    const { conversationId, turnId, parentId } = turn;
    const owner = ownerRow.optional().parse(selectOwner.get({ id: conversationId }));
    if (owner !== undefined && (owner.userId !== userId || owner.deleted !== 0)) return "not-found";

    const question = placeRow.optional().parse(selectMessage.get({ id: turn.userMessageId }));
    const isHere = (place: PlaceRow) => place.userId === userId && place.conversationId === conversationId;
    if (question !== undefined) {
      const isThisTurn = isHere(question) && question.turnId === turnId && question.role === "user";
      return isThisTurn ? "known" : "message-taken";
    }
    if (selectTurn.get({ turnId }) !== undefined) return "not-found";

    if (parentId === null) return "free";
    const parent = placeRow.optional().parse(selectMessage.get({ id: parentId }));
    return parent !== undefined && isHere(parent) ? "free" : "not-found";
  };
}

function questionOf(turn: OpenTurn): Message {
  const { userMessageId: id, conversationId, parentId, turnId, createdAt, question } = turn;
  return { id, conversationId, parentId, turnId, role: "user", parts: [...question], status: "complete", createdAt };
}

function emptyAnswerOf(turn: OpenTurn): Message {
  const { assistantMessageId: id, conversationId, userMessageId: parentId, turnId, createdAt } = turn;
  return { id, conversationId, parentId, turnId, role: "assistant", parts: [], status: "streaming", createdAt };
}

const answerRow = z.object({ status: z.string(), content: z.string() });
const ownerRow = z.object({ userId: z.string(), deleted: z.number() });
const placeRow = z.object({ userId: z.string(), conversationId: z.string(), turnId: z.string(), role: z.string() });
type PlaceRow = z.infer<typeof placeRow>;
