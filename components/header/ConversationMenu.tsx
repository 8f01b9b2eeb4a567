import { Archive, ArchiveRestore, Ellipsis, PencilLine, Pin, PinOff, Trash2 } from "lucide-react";
import { useState } from "react";
import type { ChatState } from "../../lib/chat/chat-state.ts";
import { useChatActions } from "../../lib/chat/react.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Menu, MenuDivider, MenuItem } from "../ui/Menu.tsx";

type ConversationMenuProps = {
  row: ChatState["keeper"]["conversations"][string];
  /** As the list shows it. */
  title: string;
  onRename: () => void;
};

/** What can be done with one conversation. */
export function ConversationMenu({ row, title, onRename }: ConversationMenuProps) {
  const { patch, remove } = useChatActions();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`More for ${title}`}
            className="me-1 inline-flex size-6 shrink-0 items-center justify-center rounded-chip text-muted opacity-0 -outline-offset-2 hover:text-ink focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 [@media(hover:none)]:opacity-100"
          >
            <Ellipsis size={15} aria-hidden />
          </button>
        }
      >
        <MenuItem icon={<PencilLine size={15} aria-hidden />} onSelect={onRename}>
          Rename
        </MenuItem>
        <MenuItem
          icon={row.pinned ? <PinOff size={15} aria-hidden /> : <Pin size={15} aria-hidden />}
          onSelect={() => void patch(row.id, { pinned: !row.pinned })}
        >
          {row.pinned ? "Unpin" : "Pin"}
        </MenuItem>
        <MenuItem
          icon={row.archived ? <ArchiveRestore size={15} aria-hidden /> : <Archive size={15} aria-hidden />}
          onSelect={() => void patch(row.id, { archived: !row.archived })}
        >
          {row.archived ? "Take out of the archive" : "Archive"}
        </MenuItem>
        <MenuDivider />
        <MenuItem danger icon={<Trash2 size={15} aria-hidden />} onSelect={() => setAsking(true)}>
          Delete…
        </MenuItem>
      </Menu>
      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title="Delete this conversation?"
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button
              look="danger"
              onClick={() => {
                setAsking(false);
                void remove(row.id);
              }}
            >
              Delete
            </Button>
          </>
        }
      >
        <p>
          <span dir="auto" className="font-semibold">
            {title}
          </span>{" "}
          is deleted on all your devices, and an answer that is being written in it is stopped. This cannot be undone.
        </p>
      </Dialog>
    </>
  );
}
