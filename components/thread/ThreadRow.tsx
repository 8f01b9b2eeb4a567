import { memo, useCallback } from "react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import type { ThreadItem } from "../../lib/chat/thread.ts";
import type { Decision } from "../../lib/protocol/events.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import { AnswerView } from "../message/AnswerView.tsx";
import { QuestionView } from "../message/QuestionView.tsx";
import { Waiting } from "../message/Waiting.tsx";
import { Alternatives } from "./Alternatives.tsx";
import { PendingLine } from "./PendingLine.tsx";

type ThreadRowProps = { item: ThreadItem; isLast: boolean };

/** One message with what belongs to its place: other questions that were asked there, and how far it is on its way. */
export const ThreadRow = memo(function ThreadRow({ item, isLast }: ThreadRowProps) {
  const { message, pending, alternatives } = item;
  if (message.role === "assistant") {
    return (
      <div className="px-4 py-2.5">
        <Answer message={message} />
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-1 px-4 py-2.5">
      <QuestionView message={message} />
      {alternatives.length > 1 && <Alternatives message={message} ids={alternatives} />}
      {pending && <PendingLine pending={pending} />}
      {isLast && !pending && <AnswerToCome turnId={message.turnId} />}
    </div>
  );
});

/** The server has the question and its answer has not begun. */
function AnswerToCome({ turnId }: { turnId: string }) {
  const isRunning = useChat(({ keeper }) => keeper.turns[turnId]?.state.status === "streaming");
  return isRunning ? <Waiting /> : null;
}

function Answer({ message }: { message: Message }) {
  const { askAgain, decide } = useChatActions();
  const model = useChat(({ keeper }) => keeper.models?.models.find(({ id }) => id === message.model)?.name);
  const { turnId } = message;
  const onDecide = useCallback(
    (callId: string, decision: Decision, remember: boolean) => decide(turnId, callId, decision, remember),
    [decide, turnId],
  );
  const onRetry = useCallback(
    ({ parentId }: Message) => {
      if (parentId !== null) void askAgain(parentId);
    },
    [askAgain],
  );
  return <AnswerView message={message} modelName={model} onDecide={onDecide} onRetry={onRetry} />;
}
