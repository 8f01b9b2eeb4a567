import { type ComponentPropsWithRef, type ReactNode, useId } from "react";

type FieldProps = Omit<ComponentPropsWithRef<"input">, "id"> & {
  label: string;
  /** What is wrong with what was typed, and what to do. */
  fault?: ReactNode;
  /** Something to know before one types; it gives way to a fault. */
  hint?: string | undefined;
  /** A short number, such as a code: large digits that keep their places. */
  isDigits?: boolean;
  /** A control at the end of the field. */
  children?: ReactNode;
};

/** A labelled field of a form, with its fault below it where it is read out at once. */
export function Field({ label, fault, hint, isDigits = false, children, className = "", ...rest }: FieldProps) {
  const id = useId();
  const described = fault !== undefined ? `${id}-fault` : hint !== undefined ? `${id}-hint` : undefined;
  const size = isDigits ? "h-11 font-mono text-[20px] tabular-nums tracking-[0.3em]" : "h-9 text-body";
  return (
    <div className="text-meta">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="relative mt-1">
        <input
          id={id}
          dir="ltr"
          spellCheck={false}
          autoCapitalize="none"
          aria-invalid={fault !== undefined}
          aria-describedby={described}
          className={`w-full rounded-control border border-line-strong bg-surface px-2.5 aria-invalid:border-danger ${size} ${className}`}
          {...rest}
        />
        {children}
      </div>
      {/* 4 px below the focus ring, which is as wide. */}
      {hint !== undefined && fault === undefined && (
        <p id={`${id}-hint`} className="mt-2 text-muted text-small">
          {hint}
        </p>
      )}
      <p id={`${id}-fault`} role="alert" className="mt-2 text-danger text-small empty:hidden">
        {fault}
      </p>
    </div>
  );
}
