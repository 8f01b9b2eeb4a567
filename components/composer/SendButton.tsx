import { ArrowUp, Square } from "lucide-react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { canSend, runningTurn } from "../../lib/chat/selectors.ts";
import { SHORTCUTS } from "../panel/shortcuts.ts";
import { Hint } from "../ui/Hint.tsx";

const FRAME =
  "inline-flex size-8 shrink-0 items-center justify-center rounded-control transition-colors disabled:opacity-45";

/** Sends; while an answer is written, stops it. Both stand at the same place, and side by side when both can be done. */
export function SendButton() {
  const { send, stop } = useChatActions();
  const turnId = useChat((state) => runningTurn(state)?.turnId);
  const hasText = useChat((state) => state.draft.trim() !== "");
  const ready = useChat(canSend);

  const stopButton = turnId !== undefined && (
    <Hint label="Stop the answer" shortcut={SHORTCUTS.stop}>
      <button
        type="button"
        aria-label="Stop"
        onClick={() => void stop(turnId)}
        className={`${FRAME} ${hasText ? "text-ink hover:bg-hover" : "bg-ink text-surface hover:opacity-85"}`}
      >
        <Square size={13} fill="currentColor" aria-hidden />
      </button>
    </Hint>
  );
  if (stopButton && !hasText) return stopButton;
  return (
    <>
      {stopButton}
      <Hint label={turnId === undefined ? "Send" : "Send when the running answer has ended"} shortcut="Enter">
        <button
          type="button"
          aria-label={turnId === undefined ? "Send" : "Send next"}
          aria-disabled={!ready}
          onClick={() => ready && void send()}
          className={`${FRAME} bg-accent text-on-accent hover:bg-accent-hover aria-disabled:cursor-default aria-disabled:bg-hover aria-disabled:text-muted`}
        >
          <ArrowUp size={17} aria-hidden />
        </button>
      </Hint>
    </>
  );
}
