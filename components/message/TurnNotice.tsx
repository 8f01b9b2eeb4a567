import { RotateCcw } from "lucide-react";
import type { Message } from "../../lib/protocol/messages.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import { FAILURE_WORDS } from "./failure-words.ts";
import { oneLine } from "./hostile-text.ts";

type TurnNoticeProps = {
  message: Pick<Message, "status" | "error" | "parts">;
  /** Asks the same question again; absent when that is not possible now. */
  onRetry?: (() => void) | undefined;
};

/** How a turn ended, when it did not end well: what happened, and what to do next. */
export function TurnNotice({ message: { status, error, parts }, onRetry }: TurnNoticeProps) {
  if (status === "streaming" || status === "complete") return null;
  const retry = onRetry !== undefined && (
    <Button onClick={onRetry}>
      <RotateCcw size={14} aria-hidden />
      Try again
    </Button>
  );
  if (status === "stopped") {
    return (
      <Notice
        kind="stopped"
        title={parts.length === 0 ? "Stopped before anything arrived." : "Stopped. What had arrived is kept."}
        {...(retry !== false && { actions: retry })}
      />
    );
  }
  const { title, next } = FAILURE_WORDS[error?.code ?? (status === "interrupted" ? "interrupted" : "internal")];
  const detail = oneLine(error?.message ?? "", 300);
  return (
    <Notice
      kind={status === "interrupted" ? "warning" : "error"}
      title={title}
      {...(retry !== false && { actions: retry })}
    >
      <p>{next}</p>
      {detail !== "" && <p className="mt-1 text-small">Reported: {detail}</p>}
    </Notice>
  );
}
