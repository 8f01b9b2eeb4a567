import { useChat } from "../../lib/chat/react.tsx";
import { awaitsApproval, pendingStatus, runningTurn } from "../../lib/chat/selectors.ts";

const PENDING_WORDS = {
  sending: "Sending…",
  queued: "One question is queued",
  waiting: "Your question waits",
  refused: "Your last question was refused",
} as const;

/** How things stand, in words, beside the button that they concern. */
export function ComposerStatus() {
  const approval = useChat(awaitsApproval);
  const pending = useChat(pendingStatus);
  const attachment = useChat((state) => state.attachment.status);
  const isRunning = useChat((state) => runningTurn(state) !== undefined);
  const words = approval
    ? "Waiting for your approval"
    : pending !== undefined
      ? PENDING_WORDS[pending]
      : attachment === "reading"
        ? "Reading the page…"
        : isRunning
          ? "Answering…"
          : "";
  return (
    <p
      className={`ms-auto flex min-h-8 max-w-[45%] shrink-0 items-center pe-1 text-end text-small leading-[15px] ${approval ? "text-warn" : "text-muted"}`}
    >
      {words}
    </p>
  );
}
