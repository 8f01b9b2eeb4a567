import { Ellipsis, Info, LogOut, Plug, RotateCw, Server, Unplug } from "lucide-react";
import { useState } from "react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { unsentWork } from "../../lib/chat/selectors.ts";
import { useBuild } from "../panel/build-context.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu, MenuDivider, MenuItem, MenuLabel } from "../ui/Menu.tsx";
import { AboutDialog } from "./AboutDialog.tsx";
import { LeaveDialog } from "./LeaveDialog.tsx";
import { lossWords } from "./loss-words.ts";
import { ServerDialog } from "./ServerDialog.tsx";
import { ToolsDialog } from "./ToolsDialog.tsx";

/** Everything that is needed now and then, and who is signed in. */
export function PanelMenu() {
  const { reconnect, signOut } = useChatActions();
  const { accounts } = useBuild();
  const account = useChat(({ keeper }) => keeper.account);
  const [shown, setShown] = useState<"tools" | "server" | "about" | "leave">();
  const mustAsk = useChat((state) => accounts === undefined || lossWords(unsentWork(state)) !== undefined);
  const close = () => setShown(undefined);
  const ask = () => setShown("leave");
  return (
    <>
      <Menu
        trigger={
          <IconButton label="Menu">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
      >
        {account?.email !== undefined && <MenuLabel caption="Signed in as">{account.email}</MenuLabel>}
        <MenuItem icon={<Plug size={15} aria-hidden />} onSelect={() => setShown("tools")}>
          Tools
        </MenuItem>
        <MenuDivider />
        <MenuItem icon={<Server size={15} aria-hidden />} onSelect={() => setShown("server")}>
          {accounts ? "Server" : "Server and pairing"}
        </MenuItem>
        <MenuItem icon={<RotateCw size={15} aria-hidden />} onSelect={() => void reconnect()}>
          Reconnect
        </MenuItem>
        <MenuDivider />
        <MenuItem icon={<Info size={15} aria-hidden />} onSelect={() => setShown("about")}>
          About Sidestream
        </MenuItem>
        {account !== undefined && (
          <MenuItem
            icon={accounts ? <LogOut size={15} aria-hidden /> : <Unplug size={15} aria-hidden />}
            onSelect={mustAsk ? ask : () => void signOut().catch(ask)}
          >
            {accounts ? "Sign out" : "Disconnect…"}
          </MenuItem>
        )}
      </Menu>
      <ToolsDialog open={shown === "tools"} onClose={close} />
      <ServerDialog open={shown === "server"} onClose={close} />
      <AboutDialog open={shown === "about"} onClose={close} />
      {shown === "leave" && <LeaveDialog onClose={close} />}
    </>
  );
}
