/** Pure: what has not reached the server and is lost by leaving now; undefined when nothing is. */
export function lossWords({ questions, edits }: { questions: number; edits: number }): string | undefined {
  if (questions + edits === 0) return undefined;
  const parts = [counted(questions, "question"), counted(edits, "change")].flatMap((part) => part ?? []);
  const verb = questions + edits === 1 ? "has" : "have";
  const end = questions + edits === 1 ? "It is lost" : "They are lost";
  return `${parts.join(" and ")} ${verb} not reached the server. ${end} when you leave now.`;
}

function counted(count: number, word: string): string | undefined {
  if (count === 0) return undefined;
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
