import type { ReplyOf } from "../messaging/catalogue.ts";
import type { Decision } from "../protocol/events.ts";
import type { ConversationPatch } from "../protocol/requests.ts";
import type { SearchHit, ToolServer } from "../protocol/responses.ts";

/** What a person can do in the panel. What fails is told by `notice`; nothing that was typed is lost. */
export type ChatActions = QuestionActions & ConversationActions & PageActions & ServerActions & AccountActions;

export type QuestionActions = {
  setDraft(text: string): void;
  /**
   * Sends the draft with its attachment; a page that is being read is waited for. Does nothing when there is nothing to
   * send, or while the last question still waits.
   */
  send(): Promise<void>;
  /** Attaches the page and asks this about it at once; beside a draft it is only added to the draft. Call it on a click. */
  askAboutPage(question: string): Promise<void>;
  /** Asks a question of the conversation again, as another branch. */
  askAgain(questionId: string): Promise<void>;
  /** Takes a question back that the server has not taken. */
  takeBack(turnId: string): Promise<void>;
  /** Puts the words of a lost question into the composer, below what is being written there. */
  takeUp(lossId: string): Promise<void>;
  /** The person has read of a loss. */
  dismissLoss(lossId: string): Promise<void>;
  stop(turnId: string): Promise<void>;
  /** Fails when the decision did not arrive. One that somebody else has made already counts as arrived. */
  decide(turnId: string, callId: string, decision: Decision, remember: boolean): Promise<void>;
};

export type ConversationActions = {
  /** Shows the running or the last conversation; the first thing a panel does. */
  openHome(): Promise<void>;
  open(conversationId: string): Promise<void>;
  openNew(): Promise<void>;
  loadOlder(): Promise<void>;
  /** Shows another of the questions that were asked at one place. */
  choose(parentId: string | null, messageId: string): void;
  patch(conversationId: string, patch: ConversationPatch): Promise<void>;
  remove(conversationId: string): Promise<void>;
  search(q: string): Promise<SearchHit[]>;
  dismissNotice(): void;
};

export type PageActions = {
  /** Reads the active page, or its selection, to go with the next question. Must be called on a click. */
  attachPage(): Promise<void>;
  removePage(): void;
};

export type ServerActions = {
  chooseModel(model: string): Promise<void>;
  tools(): Promise<ToolServer[]>;
  /** Fails with the reason, for the form that asked. */
  pair(serverUrl: string, code: string): Promise<void>;
  serverUrl(): Promise<string>;
  reconnect(): Promise<void>;
};

/** What comes next in signing in: nothing, or the code that was mailed. */
export type SignInStep = ReplyOf<"sign-in">;

/** All of them fail with the reason: see `faultOf`. */
export type AccountActions = {
  signIn(email: string, password: string): Promise<SignInStep>;
  signUp(email: string, password: string): Promise<SignInStep>;
  /** Mails a code to sign in with. */
  sendCode(email: string): Promise<SignInStep>;
  verifyCode(code: string): Promise<SignInStep>;
  resendCode(): Promise<SignInStep>;
  signInWithGoogle(): Promise<SignInStep>;
  /** Where a sign-in stands that was begun before this panel opened. */
  signInStep(): Promise<SignInStep | undefined>;
  /** Forgets all that this device has of the person; the panels of a paired build disconnect. */
  signOut(): Promise<void>;
  /** What is wrong with a server for this build, as a sentence; undefined when nothing is. */
  serverFault(serverUrl: string): Promise<string | undefined>;
  /** Works with this server from now on, if it fits. */
  moveTo(serverUrl: string): Promise<void>;
};
