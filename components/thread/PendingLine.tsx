import { Clock } from "lucide-react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { refusalWords } from "../../lib/chat/refusal-words.ts";
import { standingOf, unreachable } from "../../lib/chat/selectors.ts";
import type { ThreadItem } from "../../lib/chat/thread.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import { StateGlyph } from "../ui/StateGlyph.tsx";

type Pending = NonNullable<ThreadItem["pending"]>;

const WORDS = {
  sending: "Sending…",
  queued: "Queued: sent when the running answer has ended.",
} as const;

/** By who is waited for. */
const WAITING = {
  server: "Kept: sent when the server can be reached.",
  "sign-in": "Kept: sent when the sign-in service can be reached.",
} as const;

/** How far a question is on its way to the server, in words, and the way back. */
export function PendingLine({ pending }: { pending: Pending }) {
  const { takeBack } = useChatActions();
  const missing = useChat(unreachable);
  const { turn } = pending;
  const status = standingOf(pending, missing);
  const takeItBack = () => void takeBack(turn.turnId);
  if (status === "refused") {
    return (
      <div className="mt-1">
        <Notice
          kind="error"
          title="The server did not take this question."
          actions={<Button onClick={takeItBack}>Take back and edit</Button>}
        >
          <p className="[overflow-wrap:anywhere]">{refusalWords(pending)}</p>
        </Notice>
      </div>
    );
  }
  return (
    <p role="status" className="flex min-h-7 items-center gap-2 text-meta text-muted">
      {status === "sending" ? <StateGlyph state="running" /> : <Clock size={14} aria-hidden className="shrink-0" />}
      <span className="min-w-0 flex-1">{status === "waiting" ? WAITING[missing ?? "server"] : WORDS[status]}</span>
      {status !== "sending" && (
        <Button onClick={takeItBack} disabled={pending.status === "sending"}>
          Take back
        </Button>
      )}
    </p>
  );
}
