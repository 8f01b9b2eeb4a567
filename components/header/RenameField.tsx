import { type KeyboardEvent, useState } from "react";

type RenameFieldProps = { title: string; onSave: (title: string) => void; onClose: () => void };

/** The title as a field, in its place. Enter and leaving keep what was typed, Escape does not. */
export function RenameField({ title, onSave, onClose }: RenameFieldProps) {
  const [text, setText] = useState(title);

  const save = () => {
    const next = text.trim();
    if (next !== "" && next !== title) onSave(next);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") save();
    else if (event.key === "Escape") onClose();
    else return;
    // Nothing around it may take this key for itself.
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the person asked to rename, and the field stands where the title was
      autoFocus
      data-own-escape
      aria-label="Title"
      dir="auto"
      value={text}
      maxLength={200}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={save}
      className="h-8 w-full rounded-chip border border-line-strong bg-surface px-2 text-meta"
    />
  );
}
