import { EventSourceParserStream } from "eventsource-parser/stream";
import { isTerminal, readTurnEvent, type TerminalEvent } from "../lib/protocol/events.ts";
import { feedTurnSchema } from "../lib/protocol/responses.ts";

/** Long for an answer, short for a person who waits for one that does not come. */
const ANSWER_MS = 300_000;

export type FollowedAnswer = { end: TerminalEvent; text: string };

/**
 * Follows the user's feed from before the question, as a second device does, and hands over the text of the first answer
 * as it comes. Resolves as soon as the feed stands; `answer` resolves with the end.
 */
export async function followNextAnswer(
  { serverUrl, token }: { serverUrl: string; token: string },
  onText: (delta: string) => void,
): Promise<{ answer: Promise<FollowedAnswer> }> {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`${serverUrl}/api/feed`, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok || response.body === null) throw new Error(`GET /api/feed answered ${response.status}`);
  return { answer: readAnswer(response.body, onText) };
}

async function readAnswer(
  body: NonNullable<Response["body"]>,
  onText: (delta: string) => void,
): Promise<FollowedAnswer> {
  const frames = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  let text = "";
  for await (const { event: name, data } of frames) {
    if (name !== "turn") continue;
    const event = readTurnEvent(feedTurnSchema.parse(JSON.parse(data)).event);
    if (isTerminal(event)) return { end: event, text };
    if (event.type !== "text") continue;
    text += event.delta;
    onText(event.delta);
  }
  throw new Error("the feed ended before the answer did");
}
