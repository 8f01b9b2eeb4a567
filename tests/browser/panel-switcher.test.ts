import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { asked, push, startPanelScenes } from "../fixtures/panel-scenes.ts";
import { id } from "../fixtures/whole-panel/rows.ts";

let panel: Awaited<ReturnType<typeof startPanelScenes>>;
let page: Page;
beforeAll(async () => {
  panel = await startPanelScenes();
});
afterAll(() => panel.close());
afterEach(() => page.context().close());

describe("the list of conversations", () => {
  it("is walked through by arrows, opens with Enter, and gives the focus to the composer", async () => {
    await openList("answered");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toContain("The tide machine");
    await page.keyboard.press("Enter");
    await page.getByRole("searchbox").waitFor({ state: "detached" });
    expect((await asked(page, "open")).at(-1)).toEqual({ conversationId: id(2) });
    await expect.poll(() => page.evaluate("document.activeElement.tagName")).toBe("TEXTAREA");
  });

  it("groups by age below what is pinned, with marks in words", async () => {
    await openList("streaming");
    expect(await page.getByRole("dialog").getByRole("heading").allTextContents()).toEqual([
      "Pinned",
      "Today",
      "Yesterday",
      "Older",
    ]);
    await page.getByRole("button", { name: /^What rivers cost their cities running$/ }).waitFor();
    await page.getByRole("button", { name: /^The tide machine and its gears unread$/ }).waitFor();
  });

  it("finds titles at once and messages through the server", async () => {
    await openList("answered");
    // At once: on a slow machine letters may come so late that each is looked for.
    await page.keyboard.insertText("bridges");
    const list = page.getByRole("dialog");
    await list.getByText("In messages").waitFor();
    expect(await asked(page, "search")).toEqual([{ q: "bridges" }]);
    await list.getByRole("button", { name: /a found sentence/ }).click();
    expect((await asked(page, "open")).at(-1)).toEqual({ conversationId: id(6) });
  });

  it("renames in place, and Escape gives a name up", async () => {
    await openList("answered");
    await choose("Sourdough, step by step", "Rename");
    await page.keyboard.type("Bread");
    expect(await page.getByRole("textbox", { name: "Title" }).inputValue()).toBe("Bread");
    await page.keyboard.press("Escape");
    await choose("Sourdough, step by step", "Rename");
    await page.keyboard.type("Good bread");
    await page.keyboard.press("Enter");
    expect(await asked(page, "patch")).toEqual([{ conversationId: id(6), patch: { title: "Good bread" } }]);
    expect(await page.getByRole("searchbox").isVisible()).toBe(true);
  });

  it("pins, archives, and asks before it deletes", async () => {
    await openList("answered");
    await choose("Sourdough, step by step", "Pin");
    await choose("Sourdough, step by step", "Archive");
    await choose("Sourdough, step by step", "Delete…");
    await page.getByRole("button", { name: "Keep it" }).click();
    expect(await asked(page, "delete")).toEqual([]);
    await choose("Sourdough, step by step", "Delete…");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await expect.poll(() => asked(page, "delete")).toEqual([{ conversationId: id(6) }]);
    expect(await asked(page, "patch")).toEqual([
      { conversationId: id(6), patch: { pinned: true } },
      { conversationId: id(6), patch: { archived: true } },
    ]);
  });

  it("shows a new conversation when the shown one was deleted elsewhere", async () => {
    page = await panel.open("answered");
    await page.getByText("Nijmegen").first().waitFor();
    await push(page, { type: "batch", changes: [{ type: "conversation-deleted", id: id(1) }] });
    await page.getByRole("heading", { level: 1, name: "New conversation" }).waitFor();
    await page.getByText("This conversation was deleted.").waitFor();
  });
});

describe("a new conversation", () => {
  it("that waits for the server is in the lists, and opens", async () => {
    page = await panel.open("begun-offline");
    const first = "Which river has the oldest bridge of them all?";
    await page
      .getByRole("region", { name: "Recent" })
      .getByRole("button", { name: `${first} waiting` })
      .waitFor();
    await page.keyboard.press("Control+k");
    const list = page.getByRole("dialog", { name: "Conversations" });
    await list.getByRole("button", { name: `${first} waiting` }).click();
    await page.getByRole("heading", { level: 1, name: first }).waitFor();
    await page.getByText("Kept: sent when the server can be reached.").waitFor();
  });

  it("begins by its shortcut, with the focus in the composer", async () => {
    page = await panel.open("answered");
    await page.getByRole("region", { name: "Messages" }).focus();
    await page.keyboard.press("Control+Shift+O");
    await page.getByRole("button", { name: "What are the main points of this page?" }).waitFor();
    await page.keyboard.type("typed at once");
    expect(await page.getByRole("textbox", { name: "Question" }).inputValue()).toBe("typed at once");
  });
});

describe("the menu", () => {
  it("gives the focus back without its hint, which is for those who walk by keys", async () => {
    page = await panel.open("answered");
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("menuitem", { name: "Reconnect" }).click();
    await expect.poll(() => page.evaluate("document.activeElement.ariaLabel")).toBe("Menu");
    expect(await page.getByRole("tooltip").count()).toBe(0);
    await page.keyboard.press("Shift+Tab");
    await page.getByRole("tooltip", { name: "New conversation" }).waitFor({ state: "attached" });
  });
});

async function openList(scene: string): Promise<void> {
  page = await panel.open(scene);
  await page.getByRole("article").first().waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox", { name: "Search conversations" }).waitFor();
}

async function choose(title: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `More for ${title}` }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

function focused(): Promise<unknown> {
  return page.evaluate("document.activeElement.textContent");
}
