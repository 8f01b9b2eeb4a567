import { Ellipsis, Info, Plug, RotateCw, Server } from "lucide-react";
import { useState } from "react";
import { useChatActions } from "../../lib/chat/react.tsx";
import { PairingForm } from "../pairing/PairingForm.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu, MenuDivider, MenuItem } from "../ui/Menu.tsx";
import { ToolsDialog } from "./ToolsDialog.tsx";

/** Everything that is needed now and then. */
export function PanelMenu({ version }: { version: string }) {
  const { openNew, reconnect } = useChatActions();
  const [shown, setShown] = useState<"tools" | "server" | "about">();
  const close = () => setShown(undefined);
  return (
    <>
      <Menu
        trigger={
          <IconButton label="Menu">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<Plug size={15} aria-hidden />} onSelect={() => setShown("tools")}>
          Tools
        </MenuItem>
        <MenuDivider />
        <MenuItem icon={<Server size={15} aria-hidden />} onSelect={() => setShown("server")}>
          Server and pairing
        </MenuItem>
        <MenuItem icon={<RotateCw size={15} aria-hidden />} onSelect={() => void reconnect()}>
          Reconnect
        </MenuItem>
        <MenuDivider />
        <MenuItem icon={<Info size={15} aria-hidden />} onSelect={() => setShown("about")}>
          About Sidestream
        </MenuItem>
      </Menu>
      <ToolsDialog open={shown === "tools"} onClose={close} />
      <Dialog open={shown === "server"} onClose={close} title="Server and pairing">
        <PairingForm
          onPaired={() => {
            // What is shown may belong to the server that was left.
            void openNew();
            close();
          }}
        />
      </Dialog>
      <Dialog open={shown === "about"} onClose={close} title="Sidestream">
        <p>Version {version}</p>
        <p className="mt-2 text-muted">
          Questions, and pages that you attach, go to your own server, which passes them to the model that you chose and
          keeps the history. Nothing goes anywhere before you send.
        </p>
      </Dialog>
    </>
  );
}
