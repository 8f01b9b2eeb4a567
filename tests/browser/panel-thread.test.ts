import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { KeeperChange } from "../../lib/messaging/keeper-state.ts";
import { asked, push, startPanelScenes } from "../fixtures/panel-scenes.ts";
import { id } from "../fixtures/whole-panel/rows.ts";

let panel: Awaited<ReturnType<typeof startPanelScenes>>;
let page: Page;
beforeAll(async () => {
  panel = await startPanelScenes();
});
afterAll(() => panel.close());
afterEach(() => page.context().close());

describe("a conversation of 2,000 messages", () => {
  it("opens at its end with few of its rows built", async () => {
    page = await panel.open("long");
    await page.getByText("Answer 1000.").waitFor();
    expect(await distanceToEnd()).toBeLessThanOrEqual(1);
    expect(await page.getByRole("article").count()).toBeLessThan(60);
  });

  it("shows its beginning by the keyboard, and its end again by the button", async () => {
    page = await panel.open("long");
    await page.getByText("Answer 1000.").waitFor();
    await page.getByRole("region", { name: "Messages" }).focus();
    await page.keyboard.press("Home");
    await page.getByText("Question 1", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Jump to latest" }).click();
    await page.getByText("Answer 1000.").waitFor();
    await page.getByRole("button", { name: "Jump to latest" }).waitFor({ state: "detached" });
  });
});

describe("an answer that grows", () => {
  it("is followed to its end", async () => {
    page = await panel.open("streaming");
    await grow(80);
    await page.getByText("line 80 of it").waitFor();
    await expect.poll(distanceToEnd).toBeLessThanOrEqual(1);
  });

  it("does not move the person who scrolled up", async () => {
    page = await panel.open("streaming");
    await grow(80);
    await expect.poll(distanceToEnd).toBeLessThanOrEqual(1);
    await page.getByRole("region", { name: "Messages" }).hover();
    await page.mouse.wheel(0, -300);
    await page.getByRole("button", { name: "Jump to latest" }).waitFor();
    const before = await scrollTop();
    await grow(80, 80);
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
    expect(await scrollTop()).toBe(before);
    await page.getByRole("button", { name: "Jump to latest" }).click();
    await page.getByText("line 160 of it").waitFor();
  });

  it("renders its own row only", async () => {
    page = await panel.open("streaming");
    await page.evaluate(`
      globalThis.touched = [];
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target.nodeType === 1 ? target : target.parentElement;
          touched.push(element.closest("article")?.ariaLabel ?? element.outerHTML.slice(0, 100));
        }
      }).observe(document.querySelector("#root"), { subtree: true, childList: true, characterData: true });`);
    await grow(8);
    await page.getByText("line 8 of it").waitFor();
    expect(await page.evaluate("[...new Set(touched)]")).toEqual(["Answer"]);
  });

  it("is announced when it has ended, and not before", async () => {
    page = await panel.open("streaming");
    const announcer = page.getByRole("status").last();
    await expect.poll(() => announcer.textContent()).toBe("The answer is being written.");
    await grow(5);
    expect(await announcer.textContent()).toBe("The answer is being written.");
    await events([{ type: "completed", finishReason: "stop" }], 7);
    await expect.poll(() => announcer.textContent()).toBe("The answer is finished.");
  });
});

describe("a question that was asked in several versions", () => {
  it("shows which one it is, and the others", async () => {
    page = await panel.open("versions");
    await page.getByText("2 / 2").waitFor();
    await page.getByText("The second answer").waitFor();
    await page.getByRole("button", { name: "Earlier version" }).click();
    await page.getByText("The first answer").waitFor();
    expect(await page.getByRole("button", { name: "Earlier version" }).isDisabled()).toBe(true);
  });
});

describe("asking again", () => {
  it("sends the same question beside the first one", async () => {
    page = await panel.open("answered");
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.getByText("2 / 2").waitFor();
    expect(await asked(page, "ask")).toMatchObject([
      { conversationId: id(1), parentId: null, message: { parts: [{ type: "page" }, { type: "text" }] } },
    ]);
  });
});

describe("older messages", () => {
  it("come when the top is near, and what is read stays where it was", async () => {
    page = await panel.open("older");
    await page.getByText("Answer 60.").waitFor();
    const region = page.getByRole("region", { name: "Messages" });
    await region.hover();
    await page.mouse.wheel(0, -100_000);
    await page.getByText("Question 31", { exact: true }).waitFor();
    const top = () =>
      page.getByText("Question 31", { exact: true }).evaluate((node) => node.getBoundingClientRect().top);
    const before = await top();
    await push(page, { type: "batch", changes: [] });
    await expect.poll(() => asked(page, "older")).toHaveLength(1);
    await page.evaluate("keeper.release()");
    await expect.poll(async () => (await scrollTop()) > 1_000).toBe(true);
    expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(2);
    await page.mouse.wheel(0, -100_000);
    await page.getByText("Question 1", { exact: true }).waitFor();
  });
});

describe("a question on its way", () => {
  it("is said to be queued and can be taken back", async () => {
    page = await panel.open("queued");
    await page.getByText("Queued: sent when the running answer has ended.").waitFor();
    await page.getByRole("button", { name: "Take back" }).click();
    expect(await asked(page, "unask")).toEqual([{ turnId: id(90) }]);
  });

  it("is shown with the reason when the server refused it", async () => {
    page = await panel.open("turned-down");
    await page.getByText("The model “gone” does not exist.").waitFor();
    await page.getByRole("button", { name: "Take back and edit" }).waitFor();
  });
});

function grow(lines: number, from = 0): Promise<void> {
  const text = Array.from({ length: lines }, (_, index) => ({
    type: "text" as const,
    delta: `\n\nline ${from + index + 1} of it`,
  }));
  return events(text, from + 2);
}

type TurnEvents = Extract<KeeperChange, { type: "turn-events" }>["events"];

/** Pushes one batch for each event, as the keeper does when they come apart. */
async function events(list: readonly TurnEvents[number]["event"][], firstSeq: number): Promise<void> {
  for (const [index, event] of list.entries()) {
    const change: KeeperChange = {
      type: "turn-events",
      turnId: id(500_000),
      conversationId: id(1),
      events: [{ seq: firstSeq + index, event }],
    };
    await push(page, { type: "batch", changes: [change] });
  }
}

function distanceToEnd(): Promise<number> {
  return page
    .getByRole("region", { name: "Messages" })
    .evaluate((frame) => frame.scrollHeight - frame.clientHeight - frame.scrollTop);
}

function scrollTop(): Promise<number> {
  return page.getByRole("region", { name: "Messages" }).evaluate((frame) => frame.scrollTop);
}
