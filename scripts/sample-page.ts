import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { listenOnFreePort } from "./ports.ts";

export type SamplePage = { url: string; close(): void };

/** Serves the sample article on loopback: a page to ask about that needs no network. */
export async function serveSamplePage(): Promise<SamplePage> {
  const html = readFileSync(join(import.meta.dirname, "sample-article.html"));
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(html);
  });
  const port = await listenOnFreePort(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
