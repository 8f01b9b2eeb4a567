/** Saves what is typed, a moment after the last key. */
export type DraftSaver = {
  save(key: string, text: string): void;
  /** Saves now what is still to be saved. */
  flush(): void;
};

const QUIET_MS = 300;

/** `write` is called with the newest text of a conversation (`new`: the one that is not begun yet). */
export function createDraftSaver(write: (key: string, text: string) => void): DraftSaver {
  let pending: { key: string; text: string; timer: ReturnType<typeof setTimeout> } | undefined;

  const flush = () => {
    if (!pending) return;
    clearTimeout(pending.timer);
    const { key, text } = pending;
    pending = undefined;
    write(key, text);
  };

  return {
    save(key, text) {
      if (pending && pending.key !== key) flush();
      if (pending) clearTimeout(pending.timer);
      pending = { key, text, timer: setTimeout(flush, QUIET_MS) };
    },
    flush,
  };
}
