import { X } from "lucide-react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { IconButton } from "../ui/IconButton.tsx";

/** What the last action failed with, until it is dismissed. */
export function FailedAction({ onDone }: { onDone: () => void }) {
  const notice = useChat((state) => state.notice);
  const { dismissNotice } = useChatActions();
  if (notice === undefined) return null;
  const dismiss = () => {
    dismissNotice();
    onDone();
  };
  return (
    <div
      role="alert"
      className="mb-2 flex items-start gap-2 rounded-card bg-danger-tint py-1 ps-3 pe-1 text-meta forced-colors:border"
    >
      <p className="min-w-0 flex-1 py-1">{notice}</p>
      <IconButton label="Dismiss" onClick={dismiss}>
        <X size={15} aria-hidden />
      </IconButton>
    </div>
  );
}
