import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { EmptyState } from "../empty/EmptyState.tsx";
import { Thread } from "../thread/Thread.tsx";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import { StateGlyph } from "../ui/StateGlyph.tsx";
import { useLasting } from "../ui/use-lasting.ts";

/** Opening that takes longer than this is worth a word. */
const CALM_MS = 400;

/** What is between header and composer. */
export function Middle() {
  const status = useChat((state) => state.view.status);
  const conversationId = useChat((state) => ("conversationId" in state.view ? state.view.conversationId : undefined));
  const isOpening = status === "starting" || status === "loading";
  const isSlow = useLasting(isOpening, CALM_MS);
  return (
    <main className="relative flex min-h-0 flex-1 flex-col" aria-busy={isOpening}>
      {isSlow && (
        <p role="status" className="flex items-center gap-2 p-4 text-meta text-muted">
          <StateGlyph state="running" />
          Opening…
        </p>
      )}
      {status === "new" && <EmptyState />}
      {status === "failed" && <FailedView />}
      {status === "open" && <Thread key={conversationId} />}
    </main>
  );
}

function FailedView() {
  const view = useChat((state) => state.view);
  const { open } = useChatActions();
  if (view.status !== "failed") return null;
  return (
    <div className="p-4">
      <Notice
        kind="error"
        title="This conversation could not be opened."
        actions={<Button onClick={() => void open(view.conversationId)}>Try again</Button>}
      >
        <p>{view.reason}</p>
      </Notice>
    </div>
  );
}
