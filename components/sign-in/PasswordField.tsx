import { Eye, EyeOff } from "lucide-react";
import { type ComponentPropsWithRef, useState } from "react";
import { Field } from "./Field.tsx";

type PasswordFieldProps = Omit<ComponentPropsWithRef<typeof Field>, "type" | "label" | "children">;

/** A password, which its owner can look at. */
export function PasswordField(props: PasswordFieldProps) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <Field {...props} label="Password" type={isShown ? "text" : "password"} className="pe-10">
      <button
        type="button"
        aria-label="Show password"
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
        className="absolute inset-y-1 end-1 inline-flex w-7 items-center justify-center rounded-chip text-muted transition-colors hover:bg-hover hover:text-ink"
      >
        <Icon size={16} aria-hidden />
      </button>
    </Field>
  );
}
