import type { ComponentPropsWithRef, ReactNode } from "react";
import { Hint } from "./Hint.tsx";

type IconButtonProps = Omit<ComponentPropsWithRef<"button">, "aria-label" | "title"> & {
  /** What the button does, in words: its accessible name and its hint. */
  label: string;
  shortcut?: string;
  /** A lucide icon of 16 px. */
  children: ReactNode;
};

/** A 28 px button with an icon, a name and a hint. */
export function IconButton({ label, shortcut, children, className = "", ...rest }: IconButtonProps) {
  return (
    <Hint label={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        className={`relative inline-flex size-7 shrink-0 items-center justify-center rounded-control text-muted transition-colors enabled:hover:bg-hover enabled:hover:text-ink disabled:opacity-50 aria-pressed:bg-hover aria-pressed:text-ink ${className}`}
        {...rest}
      >
        {children}
      </button>
    </Hint>
  );
}
