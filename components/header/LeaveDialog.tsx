import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { unsentWork } from "../../lib/chat/selectors.ts";
import { useBuild } from "../panel/build-context.ts";
import { useSubmission } from "../sign-in/use-submission.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { lossWords } from "./loss-words.ts";

/** Asks before this device forgets the person, and says what would be lost. */
export function LeaveDialog({ onClose }: { onClose: () => void }) {
  const { accounts } = useBuild();
  const { signOut } = useChatActions();
  const questions = useChat((state) => unsentWork(state).questions);
  const edits = useChat((state) => unsentWork(state).edits);
  const { busy, fault, run } = useSubmission();
  const loss = lossWords({ questions, edits });
  const [title, verb] = accounts ? ["Sign out?", "Sign out"] : ["Disconnect from the server?", "Disconnect"];
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>Stay</Button>
          <Button look="danger" disabled={busy !== undefined} onClick={() => void run("leave", signOut)}>
            {busy !== undefined
              ? "Leaving…"
              : loss === undefined
                ? verb
                : `${verb} and lose ${questions + edits === 1 ? "it" : "them"}`}
          </Button>
        </>
      }
    >
      {loss !== undefined && <p className="mb-2">{loss}</p>}
      <p className="text-muted">
        This browser forgets your conversations and drafts. What the server has stays there
        {accounts ? "." : ", and a new pairing shows it again."}
      </p>
      <p role="alert" className="mt-2 text-danger text-meta empty:hidden">
        {fault?.message}
      </p>
    </Dialog>
  );
}
