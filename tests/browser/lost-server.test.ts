import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../../scripts/ports.ts";
import { expectToSee, expectWholeAnswer, savedEnd } from "../fixtures/answer-checks.ts";
import { createPerson, type Person } from "../fixtures/panel-person.ts";
import { textOf } from "../fixtures/saved-answer.ts";
import { type ScriptedUpstream, startScriptedUpstream } from "../fixtures/scripted-upstream.ts";
import { words } from "../fixtures/seen.ts";
import { type ServerProcess, spawnServer } from "../fixtures/server-process.ts";
import { createStories } from "../fixtures/stories.ts";

const { story, script } = createStories();
const folder = mkdtempSync(join(tmpdir(), "sidestream-lost-"));
const token = "t".repeat(40);
const KEPT = "Kept: sent when the server can be reached.";

let upstream: ScriptedUpstream;
let server: { url: string; token: string };
let process: ServerProcess;
let person: Person;
beforeAll(async () => {
  upstream = await startScriptedUpstream(script);
  server = { url: `http://127.0.0.1:${await freePort()}`, token };
  await startServer();
  person = await createPerson(server);
});
afterAll(async () => {
  await person?.leave();
  await killServer();
  await upstream?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => person.openPanel());
afterEach(() => person.closePanel());

describe("while the server is down", () => {
  it("a question is kept, and sent when it comes back", async () => {
    const aster = story("aster");
    aster.tellAll();
    await killServer();
    await person.askInNewConversation(aster.question);
    await person.use((panel) => panel.getByText(KEPT).waitFor());
    await startServer();
    await expectWholeAnswer(person, server, aster);
  });

  it("a question is kept through the death of panel, worker and browser", async () => {
    const birch = story("birch");
    birch.tellAll();
    await killServer();
    await person.askInNewConversation(birch.question);
    await person.use((panel) => panel.getByText(KEPT).waitFor());
    await person.endBrowser("crash");
    await person.startBrowser();
    await person.openPanel();
    await person.use((panel) => panel.getByText(KEPT).waitFor());
    await startServer();
    await expectWholeAnswer(person, server, birch);
  });
});

describe("an answer whose server was killed in its midst", () => {
  it("ends as interrupted with all that was seen, once the server is back", async () => {
    const cedar = story("cedar");
    await person.askInNewConversation(cedar.question);
    cedar.tell(1);
    await expectToSee(person, "cedar20");
    await killServer();
    const before = words((await person.sees()).answers.map(({ text }) => text).join(""));
    await startServer();
    const saved = await savedEnd(server, cedar);
    expect(saved).toMatchObject({ status: "interrupted", error: { code: "interrupted" } });
    const kept = textOf(saved.parts);
    expect(cedar.text.startsWith(kept)).toBe(true);
    expect(words(kept).startsWith(before)).toBe(true);

    const shown = async () => (await person.sees()).answers.map(({ text, busy }) => [words(text), busy]);
    await expect.poll(shown, { timeout: 30_000 }).toEqual([[words(kept), false]]);
    const [answer] = (await person.sees()).answers;
    expect(answer?.whole).toContain("The server was interrupted while this was being written.");

    // The conversation is not stuck: the same question brings a whole answer as another branch.
    cedar.tellAll();
    await person.use((panel) => panel.getByRole("button", { name: "Try again" }).click());
    await expect.poll(shown, { timeout: 30_000 }).toEqual([[words(cedar.text), false]]);
  });
});

async function startServer(): Promise<void> {
  process = spawnServer({
    PORT: new URL(server.url).port,
    DATA_DIR: folder,
    LOCAL_TOKEN: token,
    LOG_LEVEL: "warn",
    OPENROUTER_BASE_URL: upstream.baseUrl,
    OPENROUTER_API_KEY: "test-key",
  });
  await process.url;
}

/** kill -9. */
async function killServer(): Promise<void> {
  process?.child.kill("SIGKILL");
  await process?.ended;
}
