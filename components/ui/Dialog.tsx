import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { IconButton } from "./IconButton.tsx";

type DialogProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons: the safe one first, which gets the focus, and the main one last. */
  actions?: ReactNode;
};

/** A question that must be answered, or something that needs the whole column for a moment. */
export function Dialog({ open, onClose, title, children, actions }: DialogProps) {
  const content = useRef<HTMLDivElement>(null);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(0_0_0/40%)]" />
        <Radix.Content
          ref={content}
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            // Not the cross, whose hint would pop up unasked, and never what cannot be undone.
            event.preventDefault();
            (content.current?.querySelector<HTMLElement>("footer button") ?? content.current)?.focus();
          }}
          className="fixed inset-x-3 top-1/2 z-40 mx-auto flex max-h-[calc(100vh-48px)] max-w-md -translate-y-1/2 flex-col rounded-card border border-line bg-raised shadow-lift outline-none"
        >
          <header className="flex items-center gap-2 py-2 ps-4 pe-2">
            <Radix.Title className="min-w-0 flex-1 truncate font-semibold text-body">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label="Close" shortcut="Esc">
                <X size={16} aria-hidden />
              </IconButton>
            </Radix.Close>
          </header>
          <div className="min-h-0 overflow-y-auto px-4 pb-4 text-body">{children}</div>
          {actions !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-4 py-3">{actions}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
