import { useEffect, useRef } from "react";
import { type Shortcut, shortcutOf } from "./shortcuts.ts";

type Actions = Record<Shortcut, (() => void) | undefined> & {
  /** A letter is typed and no control has the focus. */
  type: () => void;
};

/**
 * The keys that work everywhere in the panel, also when the control that had the focus is gone and nothing has it. Heard
 * before anybody else: a hint takes the Escape that it shows, and it must still stop the answer.
 */
export function useShortcuts(actions: Actions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      // What is open above the chat is closed by its Escape, and nothing more happens.
      if (shortcut === "stop" && document.querySelector("[role=dialog], [role=menu]")) return;
      const action = shortcut && latest.current[shortcut];
      if (action) {
        event.preventDefault();
        action();
      } else if (document.activeElement === document.body && isLetter(event)) {
        latest.current.type();
      }
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
}

function isLetter({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return [...key].length === 1 && !ctrlKey && !metaKey && !altKey;
}
