/** The lines that a server prints to its error stream, one by one, and the last of them. */
export type StderrTail = { push(chunk: string): void; lastLine(): string | undefined };

/** `onLine` gets each whole line, with an end where it is too long to keep. */
export function createStderrTail(onLine: (line: string) => void): StderrTail {
  let rest = "";
  let last: string | undefined;

  const take = (line: string) => {
    const text = line.trim().slice(0, LINE_CHARACTERS);
    if (text === "") return;
    last = text;
    onLine(text);
  };

  return {
    push(chunk) {
      const lines = (rest + chunk).split("\n");
      rest = (lines.pop() ?? "").slice(0, LINE_CHARACTERS);
      for (const line of lines) take(line);
    },
    lastLine: () => (rest.trim() === "" ? last : rest.trim()),
  };
}

const LINE_CHARACTERS = 4_000;
