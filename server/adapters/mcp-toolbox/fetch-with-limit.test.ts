import { createServer } from "node:http";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { fetchWithLimit } from "./fetch-with-limit.ts";

const MEGABYTE = 1024 * 1024;
const DATA = Buffer.alloc(MEGABYTE, "x");
let line: Buffer;
beforeAll(() => {
  line = Buffer.concat([Buffer.from("data: "), DATA, Buffer.from("\n\n")]);
});

it("breaks a body or an event that would not end", async () => {
  await expect((await answerOf("application/json", DATA, 11)).text()).rejects.toThrow();
  await expect((await answerOf("text/event-stream", DATA, 11)).text()).rejects.toThrow();
});

it("lets a long stream of events pass, and a body within the limit", async () => {
  expect(await (await answerOf("text/event-stream", line, 30)).text()).toHaveLength(30 * line.length);
  expect(await (await answerOf("application/json", DATA, 9)).text()).toHaveLength(9 * MEGABYTE);
});

/** The answer of a server that sends the chunk so many times. */
async function answerOf(type: string, chunk: Buffer, times: number): Promise<Response> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": type });
    for (let count = 0; count < times; count++) response.write(chunk);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return await fetchWithLimit(`http://127.0.0.1:${address.port}`);
}
