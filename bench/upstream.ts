import { createServer, type ServerResponse } from "node:http";
import { listenOnFreePort } from "../scripts/ports.ts";

/** How the endpoint writes its answers; each scenario sets it before it asks. */
export type Pace =
  /** As fast as the reader takes them. */
  | { kind: "saturated"; tokens: number }
  /** Evenly, each answer in a phase of its own. */
  | { kind: "paced"; tokens: number; perSecond: number }
  /** One token, then silence. */
  | { kind: "idle" };

export type Upstream = { url: string; setPace(pace: Pace): void; close(): void };

/** An OpenAI-compatible endpoint whose every token is the time of its writing (milliseconds since this process began). */
export async function startUpstream(): Promise<Upstream> {
  let pace: Pace = { kind: "idle" };
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": request.method === "GET" ? "application/json" : "text/event-stream" });
    if (request.method === "GET") return response.end(JSON.stringify({ data: [{ id: "bench" }] }));
    const writers = { saturated: writeSaturated, paced: writePaced, idle: writeIdle };
    return request.on("end", () => writers[pace.kind](response, pace));
  });
  const port = await listenOnFreePort(server);
  return {
    url: `http://127.0.0.1:${port}`,
    setPace: (next) => {
      pace = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function writeIdle(response: ServerResponse): void {
  response.write(token());
}

function writeSaturated(response: ServerResponse, pace: Pace): void {
  let left = pace.kind === "saturated" ? pace.tokens : 0;
  const more = () => {
    let flows = true;
    for (; left > 0 && flows; left -= 1) flows = response.write(token());
    if (left > 0) response.once("drain", more);
    else response.end(END);
  };
  more();
}

type Paced = { response: ServerResponse; left: number; everyMs: number; dueAt: number };

/** Answers that are being written at a pace, the one that is due next in front. */
const PACED: Paced[] = [];

function writePaced(response: ServerResponse, pace: Pace): void {
  if (pace.kind !== "paced") return;
  const everyMs = 1_000 / pace.perSecond;
  // Answers of real endpoints do not beat in time with each other.
  enqueue({ response, left: pace.tokens, everyMs, dueAt: performance.now() + Math.random() * everyMs });
  if (PACED.length === 1) writeDue();
}

/** Looks at the clock all the time: a timer would bundle the tokens of a millisecond. */
function writeDue(): void {
  for (let next = PACED[0]; next !== undefined && next.dueAt <= performance.now(); next = PACED[0]) {
    PACED.shift();
    next.left -= 1;
    next.dueAt += next.everyMs;
    next.response.write(token());
    if (next.left === 0) next.response.end(END);
    else enqueue(next);
  }
  if (PACED.length > 0) setImmediate(writeDue);
}

function enqueue(answer: Paced): void {
  const at = PACED.findLastIndex(({ dueAt }) => dueAt <= answer.dueAt);
  PACED.splice(at + 1, 0, answer);
}

/** A chunk in the endpoint's form; its text is a time of fixed width and a space. */
function token(): string {
  const text = `${performance.now().toFixed(3).padStart(14, "0")} `;
  return `data: {"id":"gen","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${text}"},"finish_reason":null}]}\n\n`;
}

const END = `data: {"id":"gen","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;
