import { ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useRef } from "react";
import { useChat } from "../../lib/chat/react.tsx";
import { runningElsewhere, shownTitle, unreadElsewhere } from "../../lib/chat/selectors.ts";
import { oneLine } from "../message/hostile-text.ts";
import { SHORTCUTS } from "../panel/shortcuts.ts";
import { Hint } from "../ui/Hint.tsx";
import { StateGlyph } from "../ui/StateGlyph.tsx";
import { ConversationList } from "./ConversationList.tsx";
import { UnreadDot } from "./UnreadDot.tsx";

type SwitcherProps = { open: boolean; onOpenChange: (open: boolean) => void; onChosen: () => void };

/** The title, which opens the list of conversations. */
export function Switcher({ open, onOpenChange, onChosen }: SwitcherProps) {
  const title = oneLine(useChat(shownTitle) ?? "", 200) || "New conversation";
  const running = useChat(runningElsewhere);
  const unread = useChat(unreadElsewhere);
  const elsewhere = elsewhereWords(running, unread);
  const hasChosen = useRef(false);

  const choose = () => {
    hasChosen.current = true;
    onOpenChange(false);
  };

  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <h1 className="flex min-w-0 flex-1">
        <Hint label={["Conversations", elsewhere].filter(Boolean).join(": ")} shortcut={SHORTCUTS.switcher}>
          <Popover.Trigger className="flex h-8 min-w-0 items-center gap-1.5 rounded-control px-2 font-semibold text-body transition-colors hover:bg-hover data-[state=open]:bg-hover">
            <span dir="auto" className="min-w-0 truncate">
              {title}
            </span>
            <ChevronDown size={14} aria-hidden className="shrink-0 text-muted" />
            {running > 0 && <StateGlyph state="running" />}
            {unread > 0 && <UnreadDot />}
            <span className="sr-only">{elsewhere}</span>
          </Popover.Trigger>
        </Hint>
      </h1>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Conversations"
          onEscapeKeyDown={(event) => {
            // A name that is being typed is given up first.
            if (event.target instanceof HTMLElement && "ownEscape" in event.target.dataset) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            if (!hasChosen.current) return;
            hasChosen.current = false;
            event.preventDefault();
            onChosen();
          }}
          className="z-30 flex max-h-[min(600px,var(--radix-popover-content-available-height))] w-[min(440px,calc(100vw-16px))] flex-col overflow-hidden rounded-card border border-line bg-raised shadow-lift outline-none"
        >
          <ConversationList onChosen={choose} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function elsewhereWords(running: number, unread: number): string {
  const words = [running > 0 && `${running} running elsewhere`, unread > 0 && `${unread} unread`];
  return words.filter((word) => word !== false).join(", ");
}
