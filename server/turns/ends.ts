import type { TerminalEvent } from "../../lib/protocol/events.ts";

/** Why a running turn is aborted: somebody asked for it. */
export class StopSignal extends Error {
  override readonly name = "StopSignal";
}

/** Why a running turn is aborted: the server goes down and the turn did not end in time. */
export class ShutdownSignal extends Error {
  override readonly name = "ShutdownSignal";
}

/** The end of a turn whose producer is gone. */
export const INTERRUPTED: TerminalEvent = {
  type: "failed",
  code: "interrupted",
  message: "The server was stopped while it was answering. What had been written is kept; ask again to go on.",
  retryable: true,
};
