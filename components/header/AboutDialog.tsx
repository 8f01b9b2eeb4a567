import { useBuild } from "../panel/build-context.ts";
import { Dialog } from "../ui/Dialog.tsx";

/** What this is, and what leaves the browser. */
export function AboutDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { version, accounts } = useBuild();
  return (
    <Dialog open={open} onClose={onClose} title="Sidestream">
      <p>Version {version}</p>
      <p className="mt-2 text-muted">
        Questions, and pages that you attach, go to your own server, which passes them to the model that you chose and
        keeps the history. Nothing goes anywhere before you send.
        {accounts && " Your email and password go to the sign-in service, Clerk, and to nobody else."}
      </p>
    </Dialog>
  );
}
