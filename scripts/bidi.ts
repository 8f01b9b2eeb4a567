import type { Browser } from "puppeteer-core";
import { BidiBrowser } from "puppeteer-core/internal/bidi/Browser.js";
import * as z from "zod";

/** WebDriver BiDi as Firefox speaks it, below what puppeteer makes of it: also for the browser's own windows. */
export type Bidi = {
  /** Runs an expression in a page, waits for its promise and returns its JSON value. Fails with what it throws. */
  evaluate(context: string, expression: string): Promise<unknown>;
  /** As `evaluate`, in the browser's own window that was opened last, with all rights of the browser. */
  evaluateInBrowser(expression: string): Promise<unknown>;
  /** The elements of this role and accessible name, in the order of the document. */
  locate(context: string, by: Accessible): Promise<Element[]>;
  /** The element that an expression gives, when it gives one. */
  element(context: string, expression: string): Promise<Element | undefined>;
  /** Moves the mouse onto where an element is at that moment, and clicks. */
  click(context: string, element: Element): Promise<void>;
  /** Presses these keys together and lets them go, or one after the other. A character stands for its key. */
  press(context: string, keys: readonly string[], how: "together" | "inTurn"): Promise<void>;
  /** A PNG of what is seen. */
  picture(context: string): Promise<Buffer>;
};

export type Element = { sharedId: string };

export type Accessible = { role: string; name?: string };

const evaluatedSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("success"),
    result: z.object({ value: z.unknown().optional(), sharedId: z.string().optional() }),
  }),
  z.object({ type: z.literal("exception"), exceptionDetails: z.object({ text: z.string() }) }),
]);
const locatedSchema = z.object({ nodes: z.array(z.object({ sharedId: z.string() })) });

/** The protocol of a Firefox that puppeteer has launched with `--remote-allow-system-access`. */
export function bidiOf(browser: Browser): Bidi {
  if (!(browser instanceof BidiBrowser)) throw new Error("This browser is not driven by WebDriver BiDi.");
  const { connection } = browser;

  async function run(context: string, expression: string) {
    const { result: answer } = await connection.send("script.evaluate", {
      expression,
      target: { context },
      awaitPromise: true,
      userActivation: true,
    });
    const evaluated = evaluatedSchema.parse(answer);
    if (evaluated.type === "exception") throw new Error(evaluated.exceptionDetails.text);
    return evaluated.result;
  }

  async function evaluate(context: string, expression: string): Promise<unknown> {
    const json = `Promise.resolve(${expression}).then((value) => JSON.stringify(value))`;
    const { value } = await run(context, json);
    return value === undefined ? undefined : JSON.parse(String(value));
  }

  return {
    evaluate,
    async evaluateInBrowser(expression) {
      const chrome = { maxDepth: 0, "moz:scope": "chrome" };
      const { result } = await connection.send("browsingContext.getTree", chrome);
      const window = result.contexts.findLast(({ url }) => url === BROWSER_WINDOW);
      if (window === undefined) throw new Error("Firefox has no window");
      return await evaluate(window.context, expression);
    },
    async locate(context, value) {
      const { result } = await connection.send("browsingContext.locateNodes", {
        context,
        locator: { type: "accessibility", value },
      });
      return locatedSchema.parse(result).nodes;
    },
    async element(context, expression) {
      const { sharedId } = await run(context, expression);
      return sharedId === undefined ? undefined : { sharedId };
    },
    async click(context, element) {
      const actions = [
        { type: "pointerMove" as const, x: 0, y: 0, origin: { type: "element" as const, element } },
        { type: "pointerDown" as const, button: 0 },
        { type: "pointerUp" as const, button: 0 },
      ];
      await connection.send("input.performActions", { context, actions: [{ type: "pointer", id: "mouse", actions }] });
    },
    async press(context, keys, how) {
      const down = keys.map((value) => ({ type: "keyDown" as const, value }));
      const up = keys.map((value) => ({ type: "keyUp" as const, value }));
      const actions =
        how === "together" ? [...down, ...up.toReversed()] : down.flatMap((one, at) => [one, ...up.slice(at, at + 1)]);
      await connection.send("input.performActions", { context, actions: [{ type: "key", id: "keyboard", actions }] });
    },
    async picture(context) {
      const { result } = await connection.send("browsingContext.captureScreenshot", { context });
      return Buffer.from(result.data, "base64");
    },
  };
}

const BROWSER_WINDOW = "chrome://browser/content/browser.xhtml";
