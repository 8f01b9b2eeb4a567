import { memo } from "react";
import type { Decision } from "../../lib/protocol/events.ts";
import type { Message, Part } from "../../lib/protocol/messages.ts";
import { Markdown } from "../markdown/Markdown.tsx";
import { AnswerFooter } from "./AnswerFooter.tsx";
import { ApprovalCard } from "./ApprovalCard.tsx";
import { ReasoningLine } from "./ReasoningLine.tsx";
import { ToolLine } from "./ToolLine.tsx";
import { TurnNotice } from "./TurnNotice.tsx";
import { Waiting } from "./Waiting.tsx";

type AnswerViewProps = {
  message: Message;
  /** The model's name for people; its id when absent. */
  modelName?: string | undefined;
  /** The title that a server gives its tool. */
  toolTitle?: ((server: string, tool: string) => string | undefined) | undefined;
  /** Sends a decision; rejects when it did not arrive. Keep its identity: answers are memoised. */
  onDecide?: ((callId: string, decision: Decision, remember: boolean) => Promise<void>) | undefined;
  /** Asks the same question again. */
  onRetry?: ((message: Message) => void) | undefined;
};

/** An answer: its parts in order over the full width, then how it ended and what can be done with it. */
export const AnswerView = memo(function AnswerView(props: AnswerViewProps) {
  const { message, modelName, onRetry } = props;
  const streaming = message.status === "streaming";
  const retry = onRetry === undefined ? undefined : () => onRetry(message);
  return (
    <article
      aria-label="Answer"
      aria-busy={streaming}
      className="flex min-w-0 flex-col gap-1.5 text-body [&>.markdown]:my-1"
    >
      {message.parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever added at the end
        <PartView key={index} {...props} part={part} live={streaming && index === message.parts.length - 1} />
      ))}
      {streaming && isWaiting(message.parts) && <Waiting />}
      <TurnNotice message={message} onRetry={retry} />
      {!streaming && (
        <AnswerFooter
          message={message}
          modelName={modelName}
          // An answer that did not end well offers it in its notice.
          onAskAgain={message.status === "complete" ? retry : undefined}
        />
      )}
    </article>
  );
});

type PartViewProps = AnswerViewProps & { part: Part; live: boolean };

function PartView({ part, live, toolTitle, onDecide }: PartViewProps) {
  switch (part.type) {
    case "text":
      return part.text.trim() === "" ? null : <Markdown text={part.text} live={live} />;
    case "reasoning":
      return <ReasoningLine text={part.text} live={live} />;
    case "tool": {
      const title = toolTitle?.(part.server, part.tool);
      if (part.state !== "waiting") return <ToolLine part={part} title={title} />;
      const decide = onDecide && ((decision: Decision, remember: boolean) => onDecide(part.callId, decision, remember));
      return <ApprovalCard part={part} title={title} onDecide={decide} />;
    }
    case "page":
    case "image":
    case "file":
      return null; // Questions have these; an answer never does.
  }
}

/** Whether nothing that is seen is moving: before the first word, and between a tool's result and the next word. */
function isWaiting(parts: readonly Part[]): boolean {
  const last = parts.at(-1);
  if (last === undefined) return true;
  const isOpen = (part: Part) => part.type === "tool" && (part.state === "running" || part.state === "waiting");
  return last.type === "tool" && !parts.some(isOpen);
}
