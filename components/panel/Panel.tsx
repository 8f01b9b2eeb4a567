import { useChat } from "../../lib/chat/react.tsx";
import { Pairing } from "../pairing/Pairing.tsx";
import { AccountRefused } from "../sign-in/AccountRefused.tsx";
import { SignIn } from "../sign-in/SignIn.tsx";
import { HintProvider } from "../ui/Hint.tsx";
import { type Build, BuildContext } from "./build-context.ts";
import { ChatFrame } from "./ChatFrame.tsx";

/** The whole side panel: until it is known whose it is, pairing or signing in; then the chat. */
export function Panel({ build }: { build: Build }) {
  return (
    <BuildContext value={build}>
      <HintProvider>
        <Screen build={build} />
      </HintProvider>
    </BuildContext>
  );
}

function Screen({ build }: { build: Build }) {
  const connected = useChat((state) => state.connected);
  const status = useChat((state) => state.keeper.connection.status);
  if (!connected) return <main aria-busy aria-label="Starting" className="h-dvh" />;
  switch (status) {
    case "unpaired":
      return <Pairing refused={false} />;
    case "signed-out":
      return <SignIn />;
    case "unauthorized":
      return build.accounts ? <AccountRefused /> : <Pairing refused />;
    default:
      return <ChatFrame />;
  }
}
