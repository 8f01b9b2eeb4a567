import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { Button } from "../ui/Button.tsx";
import { SignInFrame } from "./SignInFrame.tsx";
import { useSubmission } from "./use-submission.ts";

/** Somebody is signed in, and the server does not take their account. */
export function AccountRefused() {
  const message = useChat(({ keeper: { connection } }) => ("message" in connection ? connection.message : undefined));
  const email = useChat(({ keeper }) => keeper.account?.email);
  const { reconnect, signOut } = useChatActions();
  const { busy, fault, run } = useSubmission();
  return (
    <SignInFrame title="The server does not let you in" lead={message ?? "It does not accept your account."}>
      {email !== undefined && <p className="text-meta text-muted">You are signed in as {email}.</p>}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={() => void reconnect()}>
          Try again
        </Button>
        <Button disabled={busy !== undefined} onClick={() => void run("sign-out", signOut)}>
          {busy === undefined ? "Sign out" : "Signing out…"}
        </Button>
      </div>
      <p role="alert" className="text-danger text-meta empty:hidden">
        {fault?.message}
      </p>
    </SignInFrame>
  );
}
