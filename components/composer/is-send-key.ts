/** What an input method reports for the keys that it takes itself; Safari says so on the Enter that ends a word too. */
const TAKEN_BY_INPUT_METHOD = 229;

type Key = Pick<KeyboardEvent, "key" | "shiftKey" | "altKey" | "isComposing" | "keyCode">;

/** Whether a key sends: Enter, unless it breaks the line (Shift, Alt) or chooses a word of an input method. */
export function isSendKey({ key, shiftKey, altKey, isComposing, keyCode }: Key): boolean {
  return key === "Enter" && !shiftKey && !altKey && !isComposing && keyCode !== TAKEN_BY_INPUT_METHOD;
}
