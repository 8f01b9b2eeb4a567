import { type FormEvent, useEffect, useId, useState } from "react";
import { useChatActions } from "../../lib/chat/react.tsx";
import { Button } from "../ui/Button.tsx";
import { formatCode, isCode, isServerUrl } from "./pairing-input.ts";

const FIELD =
  "mt-1 h-9 w-full rounded-control border border-line-strong bg-surface px-2.5 text-body aria-invalid:border-danger";

type Phase = { status: "open" } | { status: "asking" } | { status: "failed"; reason: string };

/** Server address and code. What goes wrong is said below, and what was typed stays. */
export function PairingForm({ onPaired }: { onPaired?: () => void }) {
  const { pair, serverUrl } = useChatActions();
  const [address, setAddress] = useState("");
  const [code, setCode] = useState("");
  const [phase, setPhase] = useState<Phase>({ status: "open" });
  const fault = useId();

  useEffect(() => {
    void serverUrl().then((known) => setAddress((typed) => typed || known));
  }, [serverUrl]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isServerUrl(address)) return setPhase(failed("The address must look like http://127.0.0.1:8787."));
    if (!isCode(code)) return setPhase(failed("The code has eight letters and digits, like 7KQ2-MX4R."));
    setPhase({ status: "asking" });
    try {
      await pair(address.trim(), code);
      setPhase({ status: "open" });
      setCode("");
      onPaired?.();
    } catch (error) {
      setPhase(failed(error instanceof Error ? error.message : "Pairing failed. Try again."));
    }
  };

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3 text-meta">
      <label>
        Code
        <input
          value={code}
          onChange={(event) => setCode(formatCode(event.target.value))}
          placeholder="XXXX-XXXX"
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          dir="ltr"
          aria-invalid={phase.status === "failed"}
          aria-describedby={fault}
          className={`${FIELD} font-mono tracking-widest`}
        />
      </label>
      <label>
        Server address
        <input
          type="url"
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          spellCheck={false}
          dir="ltr"
          className={FIELD}
        />
      </label>
      <p id={fault} role="alert" className="text-danger empty:hidden">
        {phase.status === "failed" && phase.reason}
      </p>
      <Button type="submit" look="primary" disabled={phase.status === "asking"} className="h-9 justify-center">
        {phase.status === "asking" ? "Pairing…" : "Pair"}
      </Button>
    </form>
  );
}

function failed(reason: string): Phase {
  return { status: "failed", reason };
}
