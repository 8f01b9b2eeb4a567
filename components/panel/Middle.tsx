import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { EmptyState } from "../empty/EmptyState.tsx";
import { Thread } from "../thread/Thread.tsx";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";

/** What is between header and composer. */
export function Middle() {
  const status = useChat((state) => state.view.status);
  const conversationId = useChat((state) => ("conversationId" in state.view ? state.view.conversationId : undefined));
  return (
    <main className="relative flex min-h-0 flex-1 flex-col" aria-busy={status === "starting" || status === "loading"}>
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
