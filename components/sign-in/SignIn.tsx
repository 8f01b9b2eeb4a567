import { useEffect, useState } from "react";
import type { SignInStep } from "../../lib/chat/chat-actions.ts";
import { useChatActions } from "../../lib/chat/react.tsx";
import { AccountForm, type AccountFormKind } from "./AccountForm.tsx";
import { CodeForm } from "./CodeForm.tsx";
import { SignInFrame } from "./SignInFrame.tsx";

/** Where a person stands who is not signed in. */
type Stage = { is: "form"; kind: AccountFormKind } | { is: "code"; email: string; purpose: "sign-in" | "sign-up" };

/** What a panel shows while nobody is signed in. It goes on where a panel before it was closed. */
export function SignIn() {
  const { signInStep } = useChatActions();
  const [stage, setStage] = useState<Stage>();
  const [email, setEmail] = useState("");

  /** The last step is followed by the chat, which takes the place of this screen. */
  const go = (step: SignInStep | undefined) => {
    if (step?.step === "code") setStage({ is: "code", email: step.email, purpose: step.purpose });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the panel opens
  useEffect(() => {
    const begin = () => setStage((now) => now ?? { is: "form", kind: "sign-in" });
    void signInStep().then(go).then(begin, begin);
  }, []);

  if (stage === undefined) return <main aria-busy aria-label="Starting" className="h-dvh" />;
  if (stage.is === "code") {
    const isNew = stage.purpose === "sign-up";
    return (
      <SignInFrame
        title="Check your email"
        lead={
          <>
            A code was sent to{" "}
            <strong className="font-semibold text-ink [overflow-wrap:anywhere]">{stage.email}</strong>. Type it here to{" "}
            {isNew ? "confirm your new account" : "sign in"}.
          </>
        }
      >
        <CodeForm onBack={() => setStage({ is: "form", kind: stage.purpose })} />
      </SignInFrame>
    );
  }
  const { kind } = stage;
  return (
    <SignInFrame title={TITLES[kind]} lead={LEADS[kind]}>
      <AccountForm
        key={kind}
        kind={kind}
        email={email}
        onEmail={setEmail}
        onStep={go}
        onKind={(other) => setStage({ is: "form", kind: other })}
      />
    </SignInFrame>
  );
}

const TITLES = { "sign-in": "Sign in to Sidestream", "sign-up": "Create an account" };
const LEADS = {
  "sign-in": "Your conversations are the same on every device where you sign in.",
  "sign-up": "It keeps your conversations, the same on every device where you sign in.",
};
