import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { asked, push, refuse, startPanelScenes } from "../fixtures/panel-scenes.ts";
import { id } from "../fixtures/whole-panel/rows.ts";

let panel: Awaited<ReturnType<typeof startPanelScenes>>;
let page: Page;
beforeAll(async () => {
  panel = await startPanelScenes();
});
afterAll(() => panel.close());
afterEach(() => page.context().close());

describe("writing a question", () => {
  it("has the focus when the panel opens; Shift+Enter breaks the line and Enter sends", async () => {
    page = await panel.open("empty");
    await page.keyboard.type("One");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("two");
    expect(await asked(page, "ask")).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByRole("article", { name: "Your question" }).waitFor();
    expect(await asked(page, "ask")).toMatchObject([{ parentId: null, message: { parts: [{ text: "One\ntwo" }] } }]);
    expect(await question().inputValue()).toBe("");
  });

  it("leaves the Enter of an input method to the input method", async () => {
    page = await panel.open("empty");
    await question().fill("にほ");
    for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
      await question().dispatchEvent("keydown", { key: "Enter", bubbles: true, ...init });
    }
    expect(await asked(page, "ask")).toEqual([]);
    expect(await question().inputValue()).toBe("にほ");
  });

  it("does not send nothing", async () => {
    page = await panel.open("empty");
    await page.keyboard.type("   ");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Send", disabled: true }).click({ force: true });
    expect(await asked(page, "ask")).toEqual([]);
  });

  it("grows to four tenths of the panel's height with a long paste", async () => {
    page = await panel.open("empty");
    const before = (await question().boundingBox())?.height ?? 0;
    await question().fill("A long line of pasted text. ".repeat(4_000));
    const after = (await question().boundingBox())?.height ?? 0;
    expect(before).toBeLessThan(45);
    expect(after).toBeGreaterThan(250);
    expect(after).toBeLessThanOrEqual(288);
    await page.getByRole("button", { name: "Send" }).click();
    expect(await asked(page, "ask")).toHaveLength(1);
  });

  it("keeps what was typed when the question was not taken, and says why", async () => {
    page = await panel.open("empty");
    await refuse(page, "ask", "The browser has no room left.");
    await page.keyboard.type("Precious words");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("The browser has no room left.").waitFor();
    expect(await question().inputValue()).toBe("Precious words");
    await page.getByRole("button", { name: "Dismiss" }).click();
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});

describe("while an answer is written", () => {
  it("is stopped by the button and by Escape", async () => {
    page = await panel.open("streaming");
    const button = page.getByRole("button", { name: "Stop" });
    await button.hover();
    // The hint shows this very key and would take it for itself.
    await page.getByRole("tooltip").waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    await button.click();
    expect(await asked(page, "stop")).toEqual([{ turnId: id(500_000) }, { turnId: id(500_000) }]);
  });

  it("is not stopped by the Escape that closes a list", async () => {
    page = await panel.open("streaming");
    await page.keyboard.press("Control+k");
    await page.getByRole("searchbox").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox").waitFor({ state: "detached" });
    expect(await asked(page, "stop")).toEqual([]);
  });

  it("takes the next question, below the answer, beside the way to stop", async () => {
    page = await panel.open("streaming");
    await question().fill("And then?");
    await page.getByRole("button", { name: "Stop" }).waitFor();
    await page.getByRole("button", { name: "Send next" }).click();
    await expect.poll(() => asked(page, "ask")).toMatchObject([{ conversationId: id(1), parentId: id(1_000) }]);
  });

  it("asks for approval in words, and sends the decision", async () => {
    page = await panel.open("approval");
    await page.getByText("Waiting for your approval").waitFor();
    await page.getByRole("button", { name: "Allow once" }).click();
    expect(await asked(page, "decide")).toEqual([
      { turnId: id(500_000), callId: "b", decision: "allow", remember: false },
    ]);
  });

  it("says when a decision did not arrive", async () => {
    page = await panel.open("approval");
    await refuse(page, "decide", "The server cannot be reached.");
    await page.getByRole("button", { name: "Deny" }).click();
    await page.getByText("Your answer did not arrive. Choose again.").waitFor();
  });
});

describe("the page that goes along", () => {
  it("can be looked at, removed and sent", async () => {
    page = await panel.open("empty");
    await page.getByRole("button", { name: "Ask about this page" }).click();
    await page.getByRole("button", { name: /The long now of rivers/ }).click();
    await page.getByText("Rivers are slow machines.").first().waitFor();
    await page.getByRole("button", { name: "Do not send this page" }).click();
    await page.getByRole("button", { name: "Ask about this page" }).click();
    await question().fill("How slow?");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => asked(page, "ask"))
      .toMatchObject([{ message: { parts: [{ type: "page" }, { type: "text", text: "How slow?" }] } }]);
  });

  it("says that it is a selection", async () => {
    page = await panel.open("chip");
    await page.getByRole("button", { name: "Ask about this page" }).click();
    await page.getByText("Your selection on").waitFor();
  });

  it("says why a page cannot be read", async () => {
    page = await panel.open("answered");
    await page.getByRole("button", { name: "Ask about this page" }).click();
    await page.getByRole("alert").getByText("This page has no text that could be read.").waitFor();
  });

  it("is not offered where browsers keep it closed", async () => {
    page = await panel.open("closed");
    expect(await page.getByRole("button", { name: "Ask about this page" }).count()).toBe(0);
  });

  it("is sent with a proposed question by one press", async () => {
    page = await panel.open("empty");
    await page.getByRole("button", { name: "What are the main points of this page?" }).click();
    await expect
      .poll(() => asked(page, "ask"))
      .toMatchObject([{ message: { parts: [{ type: "page" }, { text: "What are the main points of this page?" }] } }]);
  });
});

describe("a question that was lost", () => {
  it("comes back into the composer, and what is read of is dismissed", async () => {
    page = await panel.open("lost");
    await page.getByRole("button", { name: "Edit and ask again" }).click();
    await expect.poll(() => page.getByLabel("Question", { exact: true }).inputValue()).toMatch(/^And does the hum/);
    await expect.poll(() => asked(page, "dismiss")).toEqual([{ id: id(70) }]);
    await push(page, { type: "batch", changes: [{ type: "loss-dismissed", id: id(70) }] });
    await page.getByText("“Sourdough” was deleted on another device.").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(() => asked(page, "dismiss")).toEqual([{ id: id(70) }, { id: id(71) }]);
  });
});

describe("the model", () => {
  it("is found by its name with the keyboard", async () => {
    page = await panel.open("empty");
    await page.getByRole("button", { name: "Model: Claude Sonnet 4.5" }).click();
    await page.keyboard.type("gemini");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("radiogroup").waitFor({ state: "detached" });
    await expect.poll(() => asked(page, "set-settings")).toEqual([{ model: "maker/model-3" }]);
  });
});

describe("the connection", () => {
  it("is said to be lost, with a way to try at once, and the composer keeps working", async () => {
    page = await panel.open("offline");
    await page.getByText("The server cannot be reached.").waitFor();
    await page.getByRole("button", { name: "Try now" }).click();
    expect(await asked(page, "reconnect")).toHaveLength(1);
    await question().fill("Kept?");
    await page.keyboard.press("Enter");
    expect(await asked(page, "ask")).toHaveLength(1);
    await push(page, { type: "batch", changes: [{ type: "connection", connection: { status: "online" } }] });
    await page.getByText("The server cannot be reached.").waitFor({ state: "detached" });
  });
});

function question() {
  return page.getByRole("textbox", { name: "Question" });
}
