import { SquarePen } from "lucide-react";
import { SHORTCUTS } from "../panel/shortcuts.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { PanelMenu } from "./PanelMenu.tsx";
import { Switcher } from "./Switcher.tsx";

type HeaderProps = {
  isSwitcherOpen: boolean;
  onSwitcherOpen: (open: boolean) => void;
  onNew: () => void;
  /** A conversation was chosen and the person goes on in it. */
  onChosen: () => void;
};

/** 44 px: which conversation this is, a new one, and the rest in a menu. */
export function Header({ isSwitcherOpen, onSwitcherOpen, onNew, onChosen }: HeaderProps) {
  return (
    <header className="flex h-11 shrink-0 items-center gap-0.5 border-line border-b ps-2 pe-2">
      <Switcher open={isSwitcherOpen} onOpenChange={onSwitcherOpen} onChosen={onChosen} />
      <IconButton label="New conversation" shortcut={SHORTCUTS.newConversation} onClick={onNew}>
        <SquarePen size={16} aria-hidden />
      </IconButton>
      <PanelMenu />
    </header>
  );
}
