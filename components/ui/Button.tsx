import type { ComponentPropsWithRef } from "react";

const LOOKS = {
  primary: "bg-accent text-on-accent border-transparent enabled:hover:bg-accent-hover",
  plain: "bg-surface text-ink border-line-strong enabled:hover:bg-hover",
  quiet: "bg-transparent text-ink border-transparent enabled:hover:bg-hover",
  link: "bg-transparent text-accent border-transparent enabled:hover:bg-hover",
  danger: "bg-surface text-danger border-line-strong enabled:hover:bg-danger-tint",
} as const;

type ButtonProps = ComponentPropsWithRef<"button"> & { look?: keyof typeof LOOKS };

/** A button with words on it, 28 px high. */
export function Button({ look = "plain", className = "", ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`inline-flex h-7 shrink-0 items-center gap-1.5 rounded-control border px-2.5 font-medium text-meta transition-colors disabled:opacity-50 ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}
