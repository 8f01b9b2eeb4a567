import { Agent, request } from "node:http";

/** What one reader saw of an answer. */
export type Reading = {
  tokens: number;
  /** Milliseconds from the writing of a token to its arrival here. */
  latencies: number[];
  /** Milliseconds from the request to the end of the answer. */
  took: number;
  /** Whether the answer came to its proper end. */
  complete: boolean;
};

export type Ask = { url: string; method: "GET" | "POST"; headers: Record<string, string>; body: string };

const AGENT = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
const TOKEN = /(\d{10}\.\d{3}) /g;

/** Reads an answer to its end, counting tokens by their times; `onTokens` hears the count as it grows. */
export function read(
  ask: Ask,
  options: { onTokens?: (count: number) => void; signal?: AbortSignal } = {},
): Promise<Reading> {
  const began = performance.now();
  const reading: Reading = { tokens: 0, latencies: [], took: 0, complete: false };
  let tail = "";
  const take = (text: string) => {
    const now = performance.now();
    const whole = tail + text;
    let end = 0;
    for (const match of whole.matchAll(TOKEN)) {
      reading.tokens += 1;
      reading.latencies.push(now - Number(match[1]));
      end = match.index + match[0].length;
    }
    options.onTokens?.(reading.tokens);
    reading.complete ||= /"completed"|\[DONE\]/.test(whole);
    tail = whole.slice(Math.max(end, whole.length - 24));
  };
  return new Promise((resolve, reject) => {
    const { url, body, signal } = { signal: options.signal, ...ask };
    const call = request(url, { method: ask.method, headers: ask.headers, agent: AGENT, signal }, (response) => {
      response.setEncoding("utf8").on("data", take);
      response.on("error", reject);
      response.on("end", () => resolve({ ...reading, took: performance.now() - began }));
    });
    call.on("error", reject);
    call.end(body);
  });
}
