import { createServer, type ServerResponse } from "node:http";
import { listenOnFreePort } from "../scripts/ports.ts";

/** How the endpoint writes its answers; each scenario sets it before it asks. */
export type Pace =
  /** As fast as the reader takes them. */
  | { kind: "saturated"; tokens: number }
  /** Evenly, the answers' tokens spread over the time between two of one answer. */
  | { kind: "paced"; tokens: number; perSecond: number }
  /** One token, then silence. */
  | { kind: "idle" };

export type Upstream = { url: string; setPace(pace: Pace): void; close(): void };

/** Tokens of one write when saturated: what a network read of a quick endpoint brings. */
const BURST = 1;

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
    while (left > 0) {
      const count = Math.min(BURST, left);
      left -= count;
      if (!response.write(token().repeat(count))) return response.once("drain", more);
    }
    return response.end(END);
  };
  more();
}

/** Answers that are being written at a pace, in 20 groups that take their turn each millisecond of 20. */
const PACED: { response: ServerResponse; left: number; group: number }[] = [];
let ticking: NodeJS.Timeout | undefined;
let joined = 0;

function writePaced(response: ServerResponse, pace: Pace): void {
  if (pace.kind !== "paced") return;
  const groups = Math.round(1_000 / pace.perSecond);
  joined += 1;
  PACED.push({ response, left: pace.tokens, group: joined % groups });
  if (ticking) return;
  const start = performance.now();
  let ticks = 0;
  ticking = setInterval(() => {
    // A late timer makes up for the ticks that it missed: the pace is kept, whatever the machine does.
    for (const due = performance.now() - start; ticks < due; ticks += 1) tick(ticks % groups);
  }, 1);
}

function tick(group: number): void {
  for (const answer of PACED.filter((each) => each.group === group)) {
    answer.left -= 1;
    answer.response.write(token());
    if (answer.left > 0) continue;
    answer.response.end(END);
    PACED.splice(PACED.indexOf(answer), 1);
  }
  if (PACED.length > 0) return;
  clearInterval(ticking);
  ticking = undefined;
}

/** A chunk in the endpoint's form; its text is a time of fixed width and a space. */
function token(): string {
  const text = `${performance.now().toFixed(3).padStart(14, "0")} `;
  return `data: {"id":"gen","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${text}"},"finish_reason":null}]}\n\n`;
}

const END = `data: {"id":"gen","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;
