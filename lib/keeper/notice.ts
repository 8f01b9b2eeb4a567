import type { Message } from "../protocol/messages.ts";

/** What a notification about an ended answer says. */
export type Notice = { conversationId: string; title: string; message: string };

/** Pure: the notice of a saved answer in a conversation of that title. */
export function noticeOf(answer: Message, title: string | undefined): Notice {
  return {
    conversationId: answer.conversationId,
    title: title || "Sidestream",
    message: answer.status === "complete" || answer.status === "stopped" ? beginningOf(answer) : endingOf(answer),
  };
}

function beginningOf(answer: Message): string {
  const text = answer.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line === "") return "The answer is ready.";
  // By characters, not by UTF-16 units: a pair must not be cut.
  const characters = [...line.slice(0, MAX_CHARACTERS * 2)];
  return characters.length <= MAX_CHARACTERS ? line : `${characters.slice(0, MAX_CHARACTERS).join("")}…`;
}

function endingOf(answer: Message): string {
  return `The answer ended early. ${answer.error?.message ?? ""}`.trim();
}

const MAX_CHARACTERS = 140;
