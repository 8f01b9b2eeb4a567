import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveSamplePage } from "../../scripts/sample-page.ts";
import { openSidePanel, type SidePanel } from "../../scripts/side-panel.ts";
import { type BrowserProfile, createBrowserProfile } from "../fixtures/browser-profile.ts";
import { filesystemEntry, writeMcpConfig } from "../fixtures/mcp-servers.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { callTool, done, finish, say, text, until } from "../fixtures/upstream-script.ts";

let folder: string;
let server: Awaited<ReturnType<typeof startScriptedServer>>;
let site: Awaited<ReturnType<typeof serveSamplePage>>;
let profile: BrowserProfile;
let side: SidePanel;
let panel: Page;

const start = (port = "0") =>
  startScriptedServer(say("no script"), {
    env: { DATA_DIR: join(folder, "data"), MCP_CONFIG: join(folder, "mcp.json"), PORT: port },
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sidestream-journey-"));
  await writeMcpConfig(folder, { files: filesystemEntry(folder) });
  server = await start();
  site = await serveSamplePage();
  profile = createBrowserProfile();
  side = await openSidePanel(await profile.start({ url: site.url }), site.url);
  panel = side.page;
});
afterAll(async () => {
  await side?.disconnect();
  await profile?.remove();
  site?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One person from the first start on: each step goes on where the one before ended. */
describe("the real panel", () => {
  it("is paired with the code that the server printed, and becomes the chat without a reload", async () => {
    await panel.getByRole("heading", { name: "Connect to your server" }).waitFor();
    await panel.getByRole("textbox", { name: "Server address" }).fill(server.url);
    await panel.getByRole("textbox", { name: "Code" }).fill("AAAA-AAAA");
    await panel.getByRole("button", { name: "Pair" }).click();
    await expect.poll(() => panel.getByRole("alert").textContent()).toMatch(/code/i);
    // As it is copied from a terminal.
    await panel.getByRole("textbox", { name: "Code" }).fill(` pairing code ${server.pairingCode.toLowerCase()} `);
    await panel.keyboard.press("Enter");
    await panel.getByRole("heading", { name: "The brass computer that knew the sea" }).waitFor();
    await panel.getByText("Nothing leaves this browser until you send.").waitFor();
  });

  it("asks about the page beside it by one press", async () => {
    server.upstream.play(say("It adds them up **with one wire**."));
    await panel.getByRole("button", { name: "What are the main points of this page?" }).click();
    await panel.getByText("with one wire").waitFor();
    expect(JSON.stringify(server.upstream.requests.at(-1)?.body)).toContain("tide-predicting machine");
    await panel.getByRole("button", { name: "Copy answer" }).waitFor();
  });

  it("asks before a tool changes something, and goes on when that is allowed", async () => {
    const file = join(folder, "tides.md");
    server.upstream.play([
      callTool("files__write_file", { path: file, content: "High at nine." }),
      say("It is noted."),
    ]);
    await ask("Write that down");
    await panel.getByText("Waiting for your approval").waitFor();
    expect(existsSync(file)).toBe(false);
    await panel.getByRole("button", { name: "Allow once" }).click();
    await panel.getByText("It is noted.").waitFor();
    expect(readFileSync(file, "utf8")).toBe("High at nine.");
  });

  it("queues a question while an answer is written, and sends it afterwards", async () => {
    const release = Promise.withResolvers<void>();
    server.upstream.play([
      { steps: [text("The first half, "), until(release.promise), text("and the second."), finish(), done] },
      say("The next answer."),
    ]);
    await ask("Slowly, please");
    await panel.getByText("The first half,").waitFor();
    await ask("And then?");
    await panel.getByText("Queued: sent when the running answer has ended.").waitFor();
    release.resolve();
    await panel.getByText("and the second.").waitFor();
    await panel.getByText("The next answer.").waitFor();
  });

  it("keeps a question while the server is away, and sends it when it is back", async () => {
    const port = new URL(server.url).port;
    await server.close();
    await panel.getByText("The server cannot be reached.").waitFor();
    await ask("Are you there?");
    await panel.getByText("Kept: sent when the server can be reached.").waitFor();
    server = await start(port);
    server.upstream.play(say("Here again."));
    const answer = panel.getByText("Here again.").waitFor();
    // On a slow machine the backoff may be over before the click.
    await Promise.race([panel.getByRole("button", { name: /^Try now/ }).click(), answer]);
    await answer;
    await panel.getByText("The server cannot be reached.").waitFor({ state: "detached" });
  });

  it("finds what was said, and deletes it for good", async () => {
    await panel.keyboard.press("Control+k");
    await panel.keyboard.type("second");
    await panel.getByRole("dialog").getByText("In messages").waitFor();
    await panel.keyboard.press("Escape");
    await panel.keyboard.press("Control+k");
    await panel.getByRole("button", { name: /^More for / }).click();
    await panel.getByRole("menuitem", { name: "Delete…" }).click();
    await panel.getByRole("button", { name: "Delete", exact: true }).click();
    await panel.getByText("Conversations that you begin are kept here.").waitFor();
    await panel.keyboard.press("Escape");
    await panel.getByRole("heading", { level: 1, name: "New conversation" }).waitFor();
  });
});

async function ask(words: string): Promise<void> {
  await panel.getByRole("textbox", { name: "Question" }).fill(words);
  await panel.keyboard.press("Enter");
  await panel.getByRole("article", { name: "Your question" }).getByText(words).waitFor();
}
