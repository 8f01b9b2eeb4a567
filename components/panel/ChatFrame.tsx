import { useCallback, useRef, useState } from "react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { runningTurn } from "../../lib/chat/selectors.ts";
import { Composer } from "../composer/Composer.tsx";
import { Header } from "../header/Header.tsx";
import { Announcer } from "./Announcer.tsx";
import { Middle } from "./Middle.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

/** Header, conversation, composer, and the keys that work everywhere between them. */
export function ChatFrame() {
  const { openNew, stop } = useChatActions();
  const running = useChat((state) => runningTurn(state)?.turnId);
  const [isSwitcherOpen, setSwitcherOpen] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const focusInput = useCallback(() => input.current?.focus(), []);

  const begin = () => {
    setSwitcherOpen(false);
    void openNew();
    focusInput();
  };

  useShortcuts({
    switcher: () => setSwitcherOpen(!isSwitcherOpen),
    newConversation: begin,
    stop: running === undefined ? undefined : () => void stop(running),
    type: focusInput,
  });

  return (
    <div className="flex h-dvh min-w-0 flex-col overflow-hidden">
      <Header isSwitcherOpen={isSwitcherOpen} onSwitcherOpen={setSwitcherOpen} onNew={begin} onChosen={focusInput} />
      <Middle />
      <Composer input={input} />
      <Announcer />
    </div>
  );
}
