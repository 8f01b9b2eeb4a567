import { useChatActions } from "../../lib/chat/react.tsx";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import { PairingForm } from "./PairingForm.tsx";

/** What a panel shows that no server knows: what to run, and where to put the code. */
export function Pairing({ refused }: { refused: boolean }) {
  const { reconnect } = useChatActions();
  return (
    <main className="flex h-dvh flex-col overflow-y-auto px-4 py-6">
      <div className="mx-auto my-auto flex w-full max-w-sm flex-col gap-4">
        <h1 className="font-semibold text-[18px] leading-6">Connect to your server</h1>
        {refused && (
          <Notice
            kind="warning"
            title="The server does not accept this browser any more."
            actions={<Button onClick={() => void reconnect()}>Try again</Button>}
          >
            <p>Its pairing was renewed. Pair again; your history is still there.</p>
          </Notice>
        )}
        <p className="text-body text-muted">
          Sidestream asks models through a server of your own, so that no answer is lost when this panel closes.
        </p>
        <ol className="flex list-decimal flex-col gap-1.5 ps-5 text-body">
          <li>
            Start it in the project’s folder: <Command>npm start</Command> or <Command>npm run server</Command>
          </li>
          <li>It prints a code. Put it here.</li>
        </ol>
        <PairingForm />
        <p className="text-muted text-small">
          Nothing leaves this browser until you send a question. Then the question, and the page if you attach it, go to
          this server, which passes them to the model that you choose.
        </p>
      </div>
    </main>
  );
}

function Command({ children }: { children: string }) {
  return <code className="whitespace-nowrap rounded-chip bg-tint px-1.5 py-0.5 font-mono text-code">{children}</code>;
}
