import { X } from "lucide-react";
import type { ReactNode } from "react";
import type { ChatState } from "../../lib/chat/chat-state.ts";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { oneLine } from "../message/hostile-text.ts";
import { Button } from "../ui/Button.tsx";
import { CopyButton } from "../ui/CopyButton.tsx";
import { IconButton } from "../ui/IconButton.tsx";

type Loss = ChatState["keeper"]["losses"][string];

/** What was done on this device and could not be kept, one at a time, until the person has read of it. */
export function Losses({ onDone }: { onDone: () => void }) {
  const losses = useChat((state) => state.keeper.losses);
  const { dismissLoss } = useChatActions();
  const [loss, ...others] = Object.values(losses);
  if (!loss) return null;
  const dismiss = () => {
    void dismissLoss(loss.id);
    if (others.length === 0) onDone();
  };
  return (
    <div className="mb-2 rounded-card bg-tint py-1 ps-3 pe-1 text-meta forced-colors:border">
      <div className="flex items-start gap-1">
        <p role="status" className="min-w-0 flex-1 py-1">
          <span className="font-semibold">{whatHappened(loss)}</span> <span className="text-muted">{soWhat(loss)}</span>
        </p>
        {others.length > 0 && <span className="py-1 text-muted tabular-nums">{others.length} more</span>}
        <IconButton label="Dismiss" onClick={dismiss}>
          <X size={15} aria-hidden />
        </IconButton>
      </div>
      {loss.text !== undefined && <LostWords id={loss.id} text={loss.text} onDone={onDone} />}
    </div>
  );
}

/** The words of a question that was not sent, and two ways to keep them. */
function LostWords({ id, text, onDone }: { id: string; text: string; onDone: () => void }) {
  const { takeUp } = useChatActions();
  const take = () => {
    void takeUp(id);
    onDone();
  };
  return (
    <div className="pe-2 pb-2">
      <blockquote dir="auto" className="line-clamp-3 border-line-strong border-s-2 ps-2 [overflow-wrap:anywhere]">
        {text}
      </blockquote>
      <div className="mt-2 flex items-center gap-1">
        <Button onClick={take}>Edit and ask again</Button>
        <CopyButton label="Copy the question" text={() => text} />
      </div>
    </div>
  );
}

function whatHappened({ what, title, reason }: Loss): ReactNode {
  if (what === "settings") return "A change of your settings was not accepted.";
  const name =
    title === "" ? (
      "A conversation"
    ) : (
      <>
        “<bdi>{oneLine(title, 48)}</bdi>”
      </>
    );
  return reason === undefined ? <>{name} was deleted on another device.</> : <>A change of {name} was not accepted.</>;
}

function soWhat({ what, reason }: Loss): string {
  if (reason !== undefined) return reason;
  return what === "question" ? "Your question was not sent." : "What you changed in it could not be kept.";
}
