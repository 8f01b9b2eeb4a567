import { Tooltip } from "radix-ui";
import { type ReactElement, type ReactNode, useState } from "react";

type HintProps = {
  label: ReactNode;
  /** As it is written on keys, for example `Ctrl+K`. */
  shortcut?: string | undefined;
  /** The control that the hint is about. */
  children: ReactElement;
};

/**
 * A tooltip. It repeats or adds to the control's own name and is never the only place where something is said. It shows
 * to a pointer that rests and to a person who walks by keys, and not when the focus is put here by a menu or a dialog
 * that closes.
 */
export function Hint({ label, shortcut, children }: HintProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Tooltip.Root open={isOpen} onOpenChange={setOpen}>
      <Tooltip.Trigger
        asChild
        onFocus={(event) => event.preventDefault()}
        // The key that moves the focus comes up where the focus has gone to.
        onKeyUp={(event) => WALKING.has(event.key) && event.target === event.currentTarget && setOpen(true)}
      >
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-72 select-none rounded-chip bg-ink px-2 py-1 text-small text-surface shadow-lift"
        >
          {label}
          {shortcut !== undefined && <kbd className="ms-2 font-sans opacity-70">{shortcut}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

const WALKING: ReadonlySet<string> = new Set(["Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

/** Stands once around the panel: hints share their delay, so the second one shows at once. */
export function HintProvider({ children }: { children: ReactNode }) {
  return (
    <Tooltip.Provider delayDuration={500} skipDelayDuration={300}>
      {children}
    </Tooltip.Provider>
  );
}
