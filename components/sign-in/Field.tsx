import { type ComponentPropsWithRef, type ReactNode, useId } from "react";

type FieldProps = Omit<ComponentPropsWithRef<"input">, "id"> & {
  label: string;
  /** What is wrong with what was typed, and what to do. */
  fault?: string | undefined;
  /** Something to know before one types. */
  hint?: string | undefined;
  /** A control at the end of the field. */
  children?: ReactNode;
};

/** A labelled field of a form, with its fault below it where it is read out at once. */
export function Field({ label, fault, hint, children, className = "", ...rest }: FieldProps) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, fault !== undefined && `${id}-fault`]
    .filter(Boolean)
    .join(" ");
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
          aria-describedby={described || undefined}
          className={`h-9 w-full rounded-control border border-line-strong bg-surface px-2.5 text-body aria-invalid:border-danger ${className}`}
          {...rest}
        />
        {children}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-muted text-small">
          {hint}
        </p>
      )}
      <p id={`${id}-fault`} role="alert" className="mt-1 text-danger text-small empty:hidden">
        {fault}
      </p>
    </div>
  );
}
