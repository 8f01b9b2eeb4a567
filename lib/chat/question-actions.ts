import { v7 as uuidv7 } from "uuid";
import type { Part, QuestionPart } from "../protocol/messages.ts";
import { questionPartSchema } from "../protocol/messages.ts";
import type { StartTurn } from "../protocol/requests.ts";
import type { QuestionActions } from "./chat-actions.ts";
import type { ChatContext } from "./chat-context.ts";
import { type ChatState, conversationOf, withoutQuestion, withQuestion } from "./chat-state.ts";
import { createDraftSaver } from "./draft-saver.ts";
import { canSend } from "./selectors.ts";
import { threadOf } from "./thread.ts";

/** Writing, asking, stopping and deciding. */
export function createQuestionActions({ store, update, attempt }: ChatContext): QuestionActions {
  const drafts = createDraftSaver((key, text) => void attempt("save-draft", { key, text }));

  async function ask(turn: StartTurn): Promise<void> {
    const isNew = conversationOf(store.getState().view) !== turn.conversationId;
    update((state) => withQuestion(state, turn, new Date().toISOString()));
    if (!(await attempt("ask", turn))) return update((state) => withoutQuestion(state, turn));
    // The keeper pushes the rows of the conversation that it knows to be open here.
    if (isNew) await attempt("open", { conversationId: turn.conversationId });
  }

  return {
    setDraft(text) {
      update((state) => ({ ...state, draft: text }));
      drafts.save(conversationOf(store.getState().view) ?? "new", text);
    },

    async send() {
      const state = store.getState();
      if (!canSend(state)) return;
      drafts.save(conversationOf(state.view) ?? "new", "");
      drafts.flush();
      await ask(nextTurn(state));
    },

    async askAgain(questionId) {
      const { view, model } = store.getState();
      const question = view.status === "open" ? view.messages[questionId] : undefined;
      if (!question) return;
      const { conversationId, parentId, parts } = question;
      const message = { id: uuidv7(), parts: parts.flatMap(questionPart) };
      await ask({ turnId: uuidv7(), conversationId, parentId, message, model });
    },

    async takeBack(turnId) {
      const { turn } = (await attempt("unask", { turnId })) ?? {};
      if (turn) update((state) => withoutQuestion(state, turn));
    },

    async stop(turnId) {
      await attempt("stop", { turnId });
    },

    async decide(turnId, callId, decision, remember) {
      await attempt("decide", { turnId, callId, decision, remember });
    },
  };
}

/** The turn that the composer's content means: in the open conversation below its last message, or in a new one. */
function nextTurn({ view, keeper, draft, attachment, model }: ChatState): StartTurn {
  const text: QuestionPart = { type: "text", text: draft.trim() };
  const parts: QuestionPart[] = attachment.status === "attached" ? [attachment.page, text] : [text];
  const place =
    view.status === "open"
      ? { conversationId: view.conversationId, parentId: threadOf(view, keeper).at(-1)?.message.id ?? null }
      : { conversationId: uuidv7(), parentId: null };
  return { turnId: uuidv7(), ...place, message: { id: uuidv7(), parts }, model };
}

function questionPart(part: Part): QuestionPart[] {
  const parsed = questionPartSchema.safeParse(part);
  return parsed.success ? [parsed.data] : [];
}
