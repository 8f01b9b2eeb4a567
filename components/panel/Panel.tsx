import { useChat } from "../../lib/chat/react.tsx";
import { Pairing } from "../pairing/Pairing.tsx";
import { HintProvider } from "../ui/Hint.tsx";
import { ChatFrame } from "./ChatFrame.tsx";

/** The whole side panel: pairing until there is a server that knows this browser, then the chat. */
export function Panel({ version }: { version: string }) {
  const connected = useChat((state) => state.connected);
  const status = useChat((state) => state.keeper.connection.status);
  return (
    <HintProvider>
      {!connected && <main aria-busy aria-label="Starting" className="h-dvh" />}
      {connected && (status === "unpaired" || status === "unauthorized") && (
        <Pairing refused={status === "unauthorized"} />
      )}
      {connected && status !== "unpaired" && status !== "unauthorized" && <ChatFrame version={version} />}
    </HintProvider>
  );
}
