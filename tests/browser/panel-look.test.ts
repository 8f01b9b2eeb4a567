import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPanelScenes } from "../fixtures/panel-scenes.ts";
import { SCENES } from "../fixtures/whole-panel/scenes.ts";

const scenes = Object.keys(SCENES).filter((name) => name !== "long");

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

async function violations(page: Page, except: string[] = []): Promise<[string, string[]][]> {
  const { violations: found } = await new AxeBuilder({ page }).disableRules(except).analyze();
  return found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
}
