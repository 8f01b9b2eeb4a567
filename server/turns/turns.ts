import type { Decision } from "../../lib/protocol/events.ts";
import type { StartTurn } from "../../lib/protocol/requests.ts";
import type { StartedTurn } from "../../lib/protocol/responses.ts";

/** What the routes can do with turns. Every failure is an ApiError of the closed set. */
export interface Turns {
  /**
   * Starts a turn and resolves when its claim and its question are committed; the generation goes on by itself. A known
   * turn id of the same user answers as the first time. Fails with `not_found`, `bad_request`, `turn_running`,
   * `unavailable`.
   */
  start(userId: string, request: StartTurn): Promise<StartedTurn>;

  /** How the turn was answered at its start, or undefined when the user has none with this id. */
  known(userId: string, turnId: string): Promise<StartedTurn | undefined>;

  /** Asks a running turn to stop. `ended`: its terminal event was committed already. Fails with `not_found`. */
  stop(userId: string, turnId: string): Promise<"stopping" | "ended">;

  /** Answers a pending approval; the first answer wins. Fails with `not_found`, `already_decided`. */
  decide(userId: string, turnId: string, callId: string, answer: Answer): Promise<void>;

  /** Stops what runs in the conversation, then deletes it and its logs. Fails with `not_found`. */
  deleteConversation(userId: string, conversationId: string): Promise<void>;

  /** Takes no new turns, gives running ones `graceMs` to end and closes the rest as `failed {code:"interrupted"}`, saved. */
  close(graceMs: number): Promise<void>;
}

/** `remember`: allow this tool from now on without asking. */
export type Answer = { decision: Decision; remember: boolean };
