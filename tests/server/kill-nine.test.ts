import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readTurnEvent } from "../../lib/protocol/events.ts";
import { feedTurnSchema } from "../../lib/protocol/responses.ts";
import { apiCall } from "../fixtures/api-call.ts";
import { type EventSource, openEventSource } from "../fixtures/event-source.ts";
import { ends, fold, numbered, savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { type ScriptedUpstream, startScriptedUpstream } from "../fixtures/scripted-upstream.ts";
import { spawnServer } from "../fixtures/server-process.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { answer, words } from "../fixtures/upstream-script.ts";

const KILLS = 20;
const TOKEN = "a-token-of-the-kill-nine-tests-1234567890";

let upstream: ScriptedUpstream;
let dataDir: string;
beforeAll(async () => {
  upstream = await startScriptedUpstream(() => answer({ tokens: words(5_000), everyMs: 1 }));
  dataDir = mkdtempSync(join(tmpdir(), "sidestream-kill-"));
});
afterAll(async () => {
  await upstream.close();
  rmSync(dataDir, { recursive: true });
});

/** Kills at random moments: after so many frames, from the very start to the middle of the answer. */
const moments = Array.from({ length: KILLS }, (_, n) => (n < 3 ? n : Math.floor(Math.random() * 300)));

it.each(moments)(
  "keeps all that either of two followers saw when the server is killed after %i frames",
  async (moment) => {
    const first = await start();
    const body = turnBody();
    await apiCall(`${first.url}/api/turns`, { token: TOKEN, method: "POST", body });
    const events = `/api/turns/${body.turnId}/events`;
    const [follower, feed] = await Promise.all([
      openEventSource(first.url + events, { token: TOKEN }),
      openEventSource(`${first.url}/api/feed`, { token: TOKEN }),
    ]);
    const followed = await frames(follower, moment);
    first.child.kill("SIGKILL");
    followed.push(...(await follower.rest()));
    const fed = turnFrames(await feed.rest(), body.turnId);
    await first.ended;

    const second = await start();
    const rest = await openEventSource(second.url + events, { token: TOKEN, lastEventId: followed.length });
    followed.push(...(await rest.rest()));
    const resumed = await openEventSource(`${second.url}/api/feed?turns=${body.turnId}:${fed.length}`, {
      token: TOKEN,
    });
    fed.push(...turnFrames(await resumed.until(({ data }) => data.includes('"type":"failed"')), body.turnId));
    resumed.close();

    const saved = await savedAnswer({ url: second.url, token: TOKEN }, body.conversationId);
    expect(saved).toMatchObject({ status: "interrupted", error: { code: "interrupted", retryable: true } });
    for (const seen of [numbered(followed), numbered(fed)]) {
      expect(ends(seen)).toHaveLength(1);
      expect(textOf(fold(seen).parts)).toBe(textOf(saved.parts));
      expect(fold(seen).status).toBe("interrupted");
    }
    second.child.kill("SIGTERM");
    expect((await second.ended).code).toBe(0);
  },
);

async function start() {
  const server = spawnServer({
    DATA_DIR: dataDir,
    LOCAL_TOKEN: TOKEN,
    LOG_LEVEL: "error",
    OPENROUTER_BASE_URL: upstream.baseUrl,
    OPENROUTER_API_KEY: "test-key",
  });
  return { ...server, url: await server.url };
}

async function frames(source: EventSource, count: number) {
  const seen = [];
  while (seen.length < count) {
    const frame = await source.next();
    if (frame === undefined) break;
    seen.push(frame);
  }
  return seen;
}

/** The turn's frames of a feed in the form of an events stream. */
function turnFrames(feed: readonly { event?: string; data: string }[], turnId: string): { id: string; data: string }[] {
  return feed
    .filter(({ event }) => event === "turn")
    .map(({ data }) => feedTurnSchema.parse(JSON.parse(data)))
    .filter((frame) => frame.turnId === turnId)
    .map(({ seq, event }) => ({ id: String(seq), data: JSON.stringify(readTurnEvent(event)) }));
}
