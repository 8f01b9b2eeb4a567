import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPanelScenes } from "../fixtures/panel-scenes.ts";
import { SCENES } from "../fixtures/whole-panel/scenes.ts";

/** But for the long one, and for those that begin as another one does. */
const scenes = Object.keys(SCENES).filter((name) => name !== "long" && SCENES[name]?.refusals === undefined);

let panel: Awaited<ReturnType<typeof startPanelScenes>>;
beforeAll(async () => {
  panel = await startPanelScenes();
});
afterAll(() => panel.close());

describe("every scene of the panel", () => {
  it.each(scenes)("passes the accessibility rules and fits 320 px: %s", async (scene) => {
    for (const scheme of ["light", "dark"] as const) {
      const page = await panel.open(scene, { scheme, width: 320 });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      await page.context().close();
    }
  });
});

describe("what opens above the panel", () => {
  it.each<[string, (page: Page) => Promise<void>]>([
    ["the list of conversations", (page) => page.keyboard.press("Control+k")],
    ["the models", (page) => page.getByRole("button", { name: /^Model/ }).click()],
    ["the menu", (page) => page.getByRole("button", { name: "Menu" }).click()],
    [
      "the pairing form",
      async (page) => {
        await page.getByRole("button", { name: "Menu" }).click();
        await page.getByRole("menuitem", { name: "Server and pairing" }).click();
      },
    ],
  ])("passes the accessibility rules: %s", async (_, open) => {
    const page = await panel.open("answered");
    await open(page);
    await page.locator("[role=dialog], [role=menu]").first().waitFor();
    // What hangs from a button is no landmark of its own.
    expect(await violations(page, ["region"])).toEqual([]);
    await page.context().close();
  });
});

describe("a form that failed", () => {
  it("passes the accessibility rules: a wrong password", async () => {
    const page = await panel.open("wrong-password", { width: 320 });
    await page.getByLabel("Email").fill("ann@sidestream.example");
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("This is not the password of this account.").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  it("passes the accessibility rules: a wrong code, and a server that does not fit", async () => {
    const page = await panel.open("wrong-code", { width: 320, scheme: "dark" });
    await page.getByRole("textbox", { name: "Code" }).fill("123456");
    await page.keyboard.press("Enter");
    await page.getByText("This is not the code that was sent.").waitFor();
    await page.getByRole("button", { name: "Change the server" }).click();
    await page.getByRole("textbox", { name: "Server address" }).fill("nowhere");
    await page.keyboard.press("Enter");
    await page.getByText("The address must look like").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });
});

async function violations(page: Page, except: string[] = []): Promise<[string, string[]][]> {
  const { violations: found } = await new AxeBuilder({ page }).disableRules(except).analyze();
  return found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
}
