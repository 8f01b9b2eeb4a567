import { useEffect, useRef } from "react";
import { type Shortcut, shortcutOf } from "./shortcuts.ts";

type Actions = Record<Shortcut, (() => void) | undefined> & {
  /** A letter is typed and no control has the focus. */
  type: () => void;
};

/**
 * The keys that work everywhere in the panel, also when the control that had the focus is gone and nothing has it. What is
 * open above the chat takes its Escape first and marks it as taken.
 */
export function useShortcuts(actions: Actions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const shortcut = shortcutOf(event);
      const action = shortcut && latest.current[shortcut];
      if (action) {
        event.preventDefault();
        action();
      } else if (document.activeElement === document.body && isLetter(event)) {
        latest.current.type();
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

function isLetter({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return [...key].length === 1 && !ctrlKey && !metaKey && !altKey;
}
