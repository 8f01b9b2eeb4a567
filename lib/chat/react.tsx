import { createContext, type ReactNode, useContext, useState } from "react";
import { useStore } from "zustand";
import type { ChatActions } from "./chat-actions.ts";
import type { ChatState } from "./chat-state.ts";
import type { Chat } from "./create-chat.ts";
import type { ThreadItem } from "./thread.ts";
import { createThreadReader } from "./thread-reader.ts";

const ChatContext = createContext<Chat | undefined>(undefined);

/** Gives the chat of this panel to the components below. */
export function ChatProvider({ chat, children }: { chat: Chat; children: ReactNode }) {
  return <ChatContext value={chat}>{children}</ChatContext>;
}

/** A part of the chat's state; the component renders again when it is another one (by identity: select, do not build). */
export function useChat<T>(select: (state: ChatState) => T): T {
  return useStore(useRequiredChat().store, select);
}

/** The branch that is shown. Items that did not change are the same objects as before. */
export function useThread(): readonly ThreadItem[] {
  const [read] = useState(createThreadReader);
  return useChat(read);
}

/** What the person can do; the same object for the panel's whole life. */
export function useChatActions(): ChatActions {
  return useRequiredChat().actions;
}

function useRequiredChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("ChatProvider is missing above this component");
  return chat;
}
