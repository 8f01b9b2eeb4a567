import { Tooltip } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

type HintProps = {
  label: ReactNode;
  /** As it is written on keys, for example `Ctrl+K`. */
  shortcut?: string | undefined;
  /** The control that the hint is about. */
  children: ReactElement;
};

/** A tooltip. It repeats or adds to the control's own name and is never the only place where something is said. */
export function Hint({ label, shortcut, children }: HintProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
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

/** Stands once around the panel: hints share their delay, so the second one shows at once. */
export function HintProvider({ children }: { children: ReactNode }) {
  return (
    <Tooltip.Provider delayDuration={500} skipDelayDuration={300}>
      {children}
    </Tooltip.Provider>
  );
}
