import { v7 as uuidv7 } from "uuid";
import { RefusedError } from "../messaging/refusal.ts";
import type { Part, QuestionPart } from "../protocol/messages.ts";
import { questionPartSchema } from "../protocol/messages.ts";
import type { StartTurn } from "../protocol/requests.ts";
import type { QuestionActions } from "./chat-actions.ts";
import type { ChatContext } from "./chat-context.ts";
import { type ChatState, conversationOf, withoutQuestion, withQuestion } from "./chat-state.ts";
import { createDraftSaver } from "./draft-saver.ts";
import { canSend, modelToAsk } from "./selectors.ts";
import { threadOf } from "./thread.ts";

/** Writing, asking, stopping and deciding. */
export function createQuestionActions(context: ChatContext, { attachPage }: AttachPage): QuestionActions {
  const { store, update, attempt, link } = context;
  const drafts = createDraftSaver((key, text) => void attempt("save-draft", { key, text }));

  async function ask(turn: StartTurn): Promise<void> {
    const isNew = conversationOf(store.getState().view) !== turn.conversationId;
    update((state) => withQuestion(state, turn, new Date().toISOString()));
    if (!(await attempt("ask", turn))) return update((state) => withoutQuestion(state, turn));
    // The keeper pushes the rows of the conversation that it knows to be open here.
    if (isNew) await attempt("open", { conversationId: turn.conversationId });
  }

  function setDraft(text: string): void {
    update((state) => ({ ...state, draft: text }));
    drafts.save(conversationOf(store.getState().view) ?? "new", text);
  }

  async function send(): Promise<void> {
    const asked = store.getState();
    if (asked.attachment.status === "reading" && !(await isRead(store, conversationOf(asked.view)))) return;
    const state = store.getState();
    const turn = canSend(state) ? nextTurn(state) : undefined;
    if (!turn) return;
    drafts.save(conversationOf(state.view) ?? "new", "");
    drafts.flush();
    await ask(turn);
  }

  return {
    setDraft,
    send,

    async askAboutPage(question) {
      const { draft } = store.getState();
      setDraft(draft.trim() === "" ? question : `${draft.trimEnd()}\n${question}`);
      await attachPage();
      if (draft.trim() === "" && store.getState().attachment.status === "attached") await send();
    },

    async askAgain(questionId) {
      const { view, keeper } = store.getState();
      const question = view.status === "open" ? view.messages[questionId] : undefined;
      if (!question) return;
      const { conversationId, parentId, parts } = question;
      const message = { id: uuidv7(), parts: parts.flatMap(questionPart) };
      await ask({ turnId: uuidv7(), conversationId, parentId, message, model: modelToAsk(keeper) });
    },

    async takeBack(turnId) {
      const { turn } = (await attempt("unask", { turnId })) ?? {};
      if (turn) update((state) => withoutQuestion(state, turn));
    },

    async takeUp(lossId) {
      const { text } = store.getState().keeper.losses[lossId] ?? {};
      if (text === undefined) return;
      const { draft } = store.getState();
      setDraft(draft.trim() === "" ? text : `${draft.trimEnd()}\n${text}`);
      drafts.flush();
      await attempt("dismiss", { id: lossId });
    },

    async dismissLoss(lossId) {
      await attempt("dismiss", { id: lossId });
    },

    async stop(turnId) {
      await attempt("stop", { turnId });
    },

    async decide(turnId, callId, decision, remember) {
      try {
        await link.call("decide", { turnId, callId, decision, remember });
      } catch (error) {
        if (!(error instanceof RefusedError) || error.code !== "already_decided") throw error;
      }
    },
  };
}

type AttachPage = { attachPage(): Promise<void> };

/** Waits until the page has been read. False when it was not, or when the person went to another conversation. */
function isRead(store: ChatContext["store"], conversationId: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const end = store.subscribe(({ attachment, view }) => {
      if (attachment.status === "reading") return;
      end();
      resolve(attachment.status === "attached" && conversationOf(view) === conversationId);
    });
  });
}

/**
 * The turn that the composer's content means: in the open conversation below its last message, or in a new one.
 * Undefined while the last question has reached the server and its answer has no id yet.
 */
function nextTurn({ view, keeper, draft, attachment }: ChatState): StartTurn | undefined {
  const text: QuestionPart = { type: "text", text: draft.trim() };
  const parts: QuestionPart[] = attachment.status === "attached" ? [attachment.page, text] : [text];
  const turn = { turnId: uuidv7(), message: { id: uuidv7(), parts }, model: modelToAsk(keeper) };
  if (view.status !== "open") return { ...turn, conversationId: uuidv7(), parentId: null };
  const last = threadOf(view, keeper).at(-1)?.message;
  if (last?.role === "user") return undefined;
  return { ...turn, conversationId: view.conversationId, parentId: last?.id ?? null };
}

function questionPart(part: Part): QuestionPart[] {
  const parsed = questionPartSchema.safeParse(part);
  return parsed.success ? [parsed.data] : [];
}
