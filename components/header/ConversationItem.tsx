import { Clock, Pin } from "lucide-react";
import { useState } from "react";
import { conversationOf } from "../../lib/chat/chat-state.ts";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { standingOf, unreachable } from "../../lib/chat/selectors.ts";
import type { ListedConversation } from "../../lib/chat/unsent-conversations.ts";
import { oneLine } from "../message/hostile-text.ts";
import { UNSENT_WORDS } from "../message/unsent-words.ts";
import { StateGlyph } from "../ui/StateGlyph.tsx";
import { ConversationMenu } from "./ConversationMenu.tsx";
import { RenameField } from "./RenameField.tsx";
import { UnreadDot } from "./UnreadDot.tsx";

type ConversationItemProps = { row: ListedConversation; isRunning: boolean; onChoose: (id: string) => void };

/** One conversation of the list: its marks and title, and a menu of what can be done with it. */
export function ConversationItem({ row, isRunning, onChoose }: ConversationItemProps) {
  const { patch } = useChatActions();
  const missing = useChat(unreachable);
  const standing = row.unsent && standingOf(row.unsent, missing);
  const unsent = standing && UNSENT_WORDS[standing];
  const isShown = useChat((state) => conversationOf(state.view) === row.id);
  const [isRenaming, setRenaming] = useState(false);
  const title = oneLine(row.title, 200) || "New conversation";

  if (isRenaming) {
    return (
      <li className="px-1 py-0.5">
        <RenameField
          title={row.title}
          onSave={(next) => void patch(row.id, { title: next })}
          onClose={() => setRenaming(false)}
        />
      </li>
    );
  }
  return (
    <li
      className={`group flex items-center rounded-chip hover:bg-hover has-[:focus-visible]:bg-hover ${isShown ? "bg-tint" : ""}`}
    >
      <button
        type="button"
        data-stop
        aria-current={isShown || undefined}
        onClick={() => onChoose(row.id)}
        className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-chip ps-2 text-start text-meta -outline-offset-2"
      >
        <span dir="auto" className={`min-w-0 flex-1 truncate ${row.unread ? "font-semibold" : ""}`}>
          {title}
        </span>
        {row.pinned && <Pin size={13} aria-hidden className="shrink-0 text-muted" />}
        {unsent !== undefined && (
          <span aria-hidden className="flex shrink-0 items-center gap-1 pe-2 text-muted text-small">
            {standing === "refused" ? <StateGlyph state="failed" size={13} /> : <Clock size={13} />}
            {unsent}
          </span>
        )}
        {isRunning && <StateGlyph state="running" />}
        {!isRunning && row.unread && <UnreadDot />}
        <span className="sr-only">
          {[row.pinned && "pinned", unsent, isRunning && "running", row.unread && "unread"].filter(Boolean).join(", ")}
        </span>
      </button>
      {/* What can be done with it needs a row of the server; the question itself can be taken back where it stands. */}
      {!row.unsent && <ConversationMenu row={row} title={title} onRename={() => setRenaming(true)} />}
    </li>
  );
}
