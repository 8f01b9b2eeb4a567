import { RotateCcw } from "lucide-react";
import type { Message, Usage } from "../../lib/protocol/messages.ts";
import { CopyButton } from "../ui/CopyButton.tsx";
import { Hint } from "../ui/Hint.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { oneLine } from "./hostile-text.ts";

type AnswerFooterProps = {
  message: Message;
  modelName?: string | undefined;
  /** Asks the same question again, as another version beside this one. */
  onAskAgain?: (() => void) | undefined;
};

/** Copy, ask again, and which model wrote it; what it used is in the hint. */
export function AnswerFooter({ message, modelName, onAskAgain }: AnswerFooterProps) {
  const text = answerText(message);
  const model = modelName ?? message.model;
  return (
    <footer className="-ms-1.5 flex min-h-7 items-center gap-1 text-muted text-small">
      {text !== "" && <CopyButton label="Copy answer" text={() => text} />}
      {onAskAgain !== undefined && (
        <IconButton label="Ask again" onClick={onAskAgain}>
          <RotateCcw size={15} aria-hidden />
        </IconButton>
      )}
      {model !== undefined && (
        <Hint label={message.usage === undefined ? "The model that wrote this" : usageWords(message.usage)}>
          <button type="button" className="min-w-0 truncate rounded-chip px-1.5 py-1 hover:text-ink">
            {oneLine(model, 80)}
          </button>
        </Hint>
      )}
    </footer>
  );
}

/** The answer as the markdown that it was written in, without thoughts and tool calls. */
function answerText({ parts }: Message): string {
  return parts
    .flatMap((part) => (part.type === "text" ? [part.text.trim()] : []))
    .filter((text) => text !== "")
    .join("\n\n");
}

function usageWords({ inputTokens, outputTokens, cost }: Usage): string {
  const tokens = `${inputTokens.toLocaleString("en")} tokens read, ${outputTokens.toLocaleString("en")} written`;
  if (cost === undefined) return tokens;
  return `${tokens}, ${cost > 0 && cost < 0.0001 ? "under $0.0001" : `$${cost.toFixed(4)}`}`;
}
