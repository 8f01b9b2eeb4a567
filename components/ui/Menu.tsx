import { DropdownMenu } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

type MenuProps = {
  /** The button that opens the menu. */
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
};

/** A menu that hangs from a button. Its children are the items below. */
export function Menu({ trigger, children, align = "end" }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-40 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 max-w-[min(360px,calc(100vw-16px))] overflow-y-auto rounded-card border border-line bg-raised p-1 text-meta shadow-lift"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const ITEM =
  "flex min-h-8 cursor-default select-none items-center gap-2.5 rounded-chip px-2 py-1 outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover";

type MenuItemProps = {
  onSelect: () => void;
  children: ReactNode;
  icon?: ReactNode;
  shortcut?: string;
  danger?: boolean;
  disabled?: boolean;
};

/** Something to do. */
export function MenuItem({ onSelect, children, icon, shortcut, danger = false, disabled = false }: MenuItemProps) {
  return (
    <DropdownMenu.Item onSelect={onSelect} disabled={disabled} className={`${ITEM} ${danger ? "text-danger" : ""}`}>
      {icon !== undefined && <span className={danger ? "" : "text-muted"}>{icon}</span>}
      <span className="min-w-0 flex-1">{children}</span>
      {shortcut !== undefined && <kbd className="font-sans text-muted text-small">{shortcut}</kbd>}
    </DropdownMenu.Item>
  );
}

/** A hairline between groups of items. */
export function MenuDivider() {
  return <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />;
}

/** Who or what the menu is about; nothing to choose. */
export function MenuLabel({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <DropdownMenu.Label className="mb-1 border-line border-b px-2 pt-1 pb-2">
      <span className="block text-muted text-small">{caption}</span>
      <bdi className="block truncate font-medium">{children}</bdi>
    </DropdownMenu.Label>
  );
}
