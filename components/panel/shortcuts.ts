const isMac = /mac/i.test(navigator.platform);

/** The panel's own shortcuts, as they are written on keys. */
export const SHORTCUTS = {
  switcher: isMac ? "⌘K" : "Ctrl+K",
  newConversation: isMac ? "⌘⇧O" : "Ctrl+Shift+O",
  stop: "Esc",
} as const;

export type Shortcut = keyof typeof SHORTCUTS;

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "isComposing">;

/** The shortcut that was pressed. Escape inside an input method belongs to the input method. */
export function shortcutOf(event: Keys): Shortcut | undefined {
  if (event.isComposing || event.altKey) return undefined;
  const isCommand = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  const key = event.key.toLowerCase();
  if (isCommand && !event.shiftKey && key === "k") return "switcher";
  if (isCommand && event.shiftKey && key === "o") return "newConversation";
  return key === "escape" ? "stop" : undefined;
}
