import { type FormEvent, useEffect, useRef, useState } from "react";
import { useChatActions } from "../../lib/chat/react.tsx";
import { Button } from "../ui/Button.tsx";
import { digitsOf } from "./digits-of.ts";
import { Field } from "./Field.tsx";
import { FormFault } from "./FormFault.tsx";
import { SubmitButton } from "./SubmitButton.tsx";
import { useCountdown } from "./use-countdown.ts";
import { faultAt, useSubmission } from "./use-submission.ts";

/** A mail takes its time: asking sooner brings two codes of which one is void. */
const RESEND_SECONDS = 30;

/** The mailed code in one field. */
export function CodeForm({ onBack }: { onBack: () => void }) {
  const { verifyCode, resendCode } = useChatActions();
  const [code, setCode] = useState("");
  const [isResent, setResent] = useState(false);
  const { busy, fault, run, say } = useSubmission();
  const wait = useCountdown(RESEND_SECONDS);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (fault?.place === "code") field.current?.select();
  }, [fault]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.length < 6) return say("code", "The code has six digits.");
    void run("verify", () => verifyCode(code));
  };
  const resend = async () => {
    setResent(false);
    if (!(await run("resend", resendCode))) return;
    setResent(true);
    setCode("");
    wait.restart();
    field.current?.focus();
  };

  return (
    <div className="flex flex-col gap-3">
      <form onSubmit={submit} noValidate aria-label="Code" className="flex flex-col gap-3">
        <Field
          ref={field}
          label="Code"
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(digitsOf(event.target.value))}
          fault={faultAt(fault, "code")}
          isDigits
        />
        {fault !== undefined && fault.place !== "code" && <FormFault message={fault.message} />}
        <SubmitButton isBusy={busy === "verify"} words="Continue" busyWords="Checking…" />
      </form>
      <p role="status" className="text-meta text-muted empty:hidden">
        {isResent && "Another code was sent. The one before is void."}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button disabled={wait.seconds > 0 || busy !== undefined} onClick={() => void resend()}>
          Send another code
          {wait.seconds > 0 && (
            <span aria-hidden className="text-muted tabular-nums">
              {wait.seconds} s
            </span>
          )}
        </Button>
        <Button look="quiet" onClick={onBack}>
          Back
        </Button>
      </div>
    </div>
  );
}
