import { ChevronLeft, ChevronRight } from "lucide-react";
import { useChatActions } from "../../lib/chat/react.tsx";
import type { Message } from "../../lib/protocol/messages.ts";
import { IconButton } from "../ui/IconButton.tsx";

/** "2 / 3": which of the questions that were asked at this place is shown, and the way to the others. */
export function Alternatives({ message, ids }: { message: Message; ids: readonly string[] }) {
  const { choose } = useChatActions();
  const at = ids.indexOf(message.id);
  const show = (index: number) => {
    const id = ids[index];
    if (id !== undefined) choose(message.parentId, id);
  };
  return (
    <div className="-ms-1.5 flex items-center text-muted text-small">
      <IconButton label="Earlier version" disabled={at <= 0} onClick={() => show(at - 1)}>
        <ChevronLeft size={15} aria-hidden className="rtl:-scale-x-100" />
      </IconButton>
      <span className="tabular-nums">
        <span className="sr-only">Version </span>
        {at + 1} / {ids.length}
      </span>
      <IconButton label="Later version" disabled={at >= ids.length - 1} onClick={() => show(at + 1)}>
        <ChevronRight size={15} aria-hidden className="rtl:-scale-x-100" />
      </IconButton>
    </div>
  );
}
