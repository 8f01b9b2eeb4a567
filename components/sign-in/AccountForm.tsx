import { type FormEvent, useEffect, useRef, useState } from "react";
import type { SignInStep } from "../../lib/chat/chat-actions.ts";
import { useChatActions } from "../../lib/chat/react.tsx";
import { useBuild } from "../panel/build-context.ts";
import { Button } from "../ui/Button.tsx";
import { Field } from "./Field.tsx";
import { FormFault } from "./FormFault.tsx";
import { PasswordField } from "./PasswordField.tsx";
import { SubmitButton } from "./SubmitButton.tsx";
import { faultAt, useSubmission } from "./use-submission.ts";

export type AccountFormKind = "sign-in" | "sign-up";

type AccountFormProps = {
  kind: AccountFormKind;
  /** Kept above: it stays when the person goes from one form to the other. */
  email: string;
  onEmail: (email: string) => void;
  onStep: (step: SignInStep) => void;
  onKind: (kind: AccountFormKind) => void;
};

/** Email and password, to sign in or to make an account; and, to sign in, a mailed code instead. */
export function AccountForm({ kind, email, onEmail, onStep, onKind }: AccountFormProps) {
  const { signIn, signUp, sendCode, signInWithGoogle } = useChatActions();
  const { accounts } = useBuild();
  const [password, setPassword] = useState("");
  const { busy, fault, run, say } = useSubmission();
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const isNew = kind === "sign-up";
  const isTaken = fault?.code === "address_taken";
  const address = email.trim();

  useEffect(() => (emailField.current?.value ? passwordField : emailField).current?.focus(), []);
  useEffect(() => {
    if (fault?.place === "email") emailField.current?.focus();
    if (fault?.place === "password") passwordField.current?.select();
  }, [fault]);

  const hasAddress = () => {
    const isAddress = /^\S+@\S+$/.test(address);
    if (!isAddress) say("email", "Type your address, like name@example.org.");
    return isAddress;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!hasAddress()) return;
    if (password === "") return say("password", isNew ? "Choose a password." : "Type your password.");
    const enter = isNew ? signUp : signIn;
    void run(kind, async () => onStep(await enter(address, password)));
  };
  const goToOther = () => onKind(isNew ? "sign-in" : "sign-up");
  const mailCode = () => {
    if (hasAddress()) void run("code", async () => onStep(await sendCode(address)));
  };

  return (
    <div className="flex flex-col gap-3">
      <form
        onSubmit={submit}
        noValidate
        aria-label={isNew ? "Create an account" : "Sign in"}
        className="flex flex-col gap-3"
      >
        <Field
          ref={emailField}
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          inputMode="email"
          value={email}
          onChange={(event) => onEmail(event.target.value)}
          fault={isTaken ? <TakenAddress message={fault.message} onSignIn={goToOther} /> : faultAt(fault, "email")}
        />
        <PasswordField
          ref={passwordField}
          name="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          hint={isNew ? "A long one that you use nowhere else." : undefined}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          fault={faultAt(fault, "password")}
        />
        {fault !== undefined && fault.place !== "email" && fault.place !== "password" && (
          <FormFault message={fault.message} />
        )}
        <SubmitButton
          isBusy={busy === kind}
          words={isNew ? "Create account" : "Sign in"}
          busyWords={isNew ? "Creating…" : "Signing in…"}
        />
      </form>
      {!isNew && (
        <Button className="h-9 justify-center" disabled={busy !== undefined} onClick={mailCode}>
          {busy === "code" ? "Sending…" : "Email me a code"}
        </Button>
      )}
      {accounts?.google && (
        <Button
          className="h-9 justify-center"
          disabled={busy !== undefined}
          onClick={() => void run("google", async () => onStep(await signInWithGoogle()))}
        >
          {busy === "google" ? "Waiting for Google…" : "Continue with Google"}
        </Button>
      )}
      {!isTaken && (
        <p className="flex flex-wrap items-center gap-x-1 text-meta text-muted">
          {isNew ? "You have an account already?" : "New here?"}
          <Button look="link" className="-mx-1 px-1.5" onClick={goToOther}>
            {isNew ? "Sign in instead" : "Create an account"}
          </Button>
        </p>
      )}
      <p className="text-muted text-small">
        Email and password go to Clerk, the sign-in service. Your server never sees the password.
      </p>
    </div>
  );
}

/** Whoever has an account already goes to the other form with the address that was typed. */
function TakenAddress({ message, onSignIn }: { message: string; onSignIn: () => void }) {
  return (
    <>
      {message}{" "}
      <button
        type="button"
        onClick={onSignIn}
        className="rounded-chip font-medium text-accent underline underline-offset-2"
      >
        Sign in instead
      </button>
    </>
  );
}
