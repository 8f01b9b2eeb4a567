import { useId, useState } from "react";
import type { Decision } from "../../lib/protocol/events.ts";
import type { ToolPart } from "../../lib/protocol/messages.ts";
import { Button } from "../ui/Button.tsx";
import { StateGlyph } from "../ui/StateGlyph.tsx";
import { oneLine, toolWords } from "./hostile-text.ts";
import { ToolArguments } from "./ToolArguments.tsx";

type ApprovalCardProps = {
  part: ToolPart;
  title?: string | undefined;
  /** Sends the decision; rejects when it did not arrive, and the buttons come back. Absent: nothing can be sent now. */
  onDecide?: ((decision: Decision, remember: boolean) => Promise<void>) | undefined;
};

type Phase = "open" | "lost" | { decision: Decision; remember: boolean };

/** A call that may change something: what it is called, what it gets in full, and the person's answer. */
export function ApprovalCard({ part, title, onDecide }: ApprovalCardProps) {
  const [phase, setPhase] = useState<Phase>("open");
  const heading = useId();
  const decide = (decision: Decision, remember: boolean) => {
    setPhase({ decision, remember });
    onDecide?.(decision, remember).catch(() => setPhase("lost"));
  };

  return (
    <section aria-labelledby={heading} className="overflow-hidden rounded-card border border-line-strong">
      <header className="flex gap-2.5 px-3 pt-2.5">
        <span className="mt-0.5">
          <StateGlyph state="waiting" size={16} />
        </span>
        <div className="min-w-0">
          <h3 id={heading} className="font-semibold text-body">
            Allow “{title === undefined ? toolWords(part.tool) : oneLine(title, 80)}”?
          </h3>
          <p className="text-meta text-muted">
            {oneLine(part.tool, 80)} on {oneLine(part.server, 80)} may change something.
          </p>
        </div>
      </header>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
        tabIndex={0}
        className="mt-2 max-h-72 overflow-y-auto px-3 ps-[38px] -outline-offset-2 [scrollbar-width:thin]"
      >
        <ToolArguments args={part.args} />
      </div>
      <footer className="mt-2.5 flex flex-wrap items-center gap-2 border-line border-t bg-tint px-3 py-2.5">
        {typeof phase === "object" ? (
          <p role="status" className="text-meta text-muted">
            {decidedWords(phase)}
          </p>
        ) : (
          <>
            <Button look="primary" disabled={onDecide === undefined} onClick={() => decide("allow", false)}>
              Allow once
            </Button>
            <Button disabled={onDecide === undefined} onClick={() => decide("allow", true)}>
              Always allow
            </Button>
            <Button
              look="danger"
              className="ms-auto"
              disabled={onDecide === undefined}
              onClick={() => decide("deny", false)}
            >
              Deny
            </Button>
            {phase === "lost" && (
              <p role="alert" className="w-full text-danger text-meta">
                Your answer did not arrive. Choose again.
              </p>
            )}
          </>
        )}
      </footer>
    </section>
  );
}

function decidedWords({ decision, remember }: { decision: Decision; remember: boolean }): string {
  if (decision === "deny") return "Decided: denied.";
  return remember ? "Decided: always allowed." : "Decided: allowed once.";
}
