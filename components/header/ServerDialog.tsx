import { PairingForm } from "../pairing/PairingForm.tsx";
import { useBuild } from "../panel/build-context.ts";
import { ServerLine } from "../sign-in/ServerLine.tsx";
import { Dialog } from "../ui/Dialog.tsx";

/** The server that answers, and the way to another one; its history is another one too. */
export function ServerDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { accounts } = useBuild();
  return (
    <Dialog open={open} onClose={onClose} title={accounts ? "Server" : "Server and pairing"}>
      {accounts ? (
        <>
          <p className="mb-2 text-muted">Each server has a history of its own for your account.</p>
          <ServerLine />
        </>
      ) : (
        <PairingForm onPaired={onClose} />
      )}
    </Dialog>
  );
}
