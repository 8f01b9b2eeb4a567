import { type KeyboardEvent, useCallback, useRef, useState } from "react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { runningTurn } from "../../lib/chat/selectors.ts";
import { Composer } from "../composer/Composer.tsx";
import { Header } from "../header/Header.tsx";
import { Announcer } from "./Announcer.tsx";
import { Middle } from "./Middle.tsx";
import { shortcutOf } from "./shortcuts.ts";

/** Header, conversation, composer, and the keys that work everywhere between them. */
export function ChatFrame({ version }: { version: string }) {
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

  const onKeyDown = (event: KeyboardEvent) => {
    // What is open above the chat takes its Escape first and marks it as taken.
    if (event.defaultPrevented) return;
    const shortcut = shortcutOf(event.nativeEvent);
    if (shortcut === undefined || (shortcut === "stop" && running === undefined)) return;
    event.preventDefault();
    if (shortcut === "switcher") setSwitcherOpen(!isSwitcherOpen);
    if (shortcut === "newConversation") begin();
    if (shortcut === "stop" && running !== undefined) void stop(running);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the shortcuts of the whole panel; every one has a button too
    <div className="flex h-dvh min-w-0 flex-col overflow-hidden" onKeyDown={onKeyDown}>
      <Header
        version={version}
        isSwitcherOpen={isSwitcherOpen}
        onSwitcherOpen={setSwitcherOpen}
        onNew={begin}
        onChosen={focusInput}
      />
      <Middle />
      <Composer input={input} />
      <Announcer />
    </div>
  );
}
