import type { Element } from "./bidi.ts";
import type { LaunchedFirefox } from "./launch-firefox.ts";
import { sidebarContext } from "./sidebar.ts";
import { until } from "./until.ts";

/** A control as a person finds it: by what it is and what it is called, to the letter. The last one of several is meant. */
export type Control = {
  role: "button" | "textbox" | "link" | "menuitem" | "checkbox" | "radio" | "switch";
  name: string;
};

/** The open sidebar, used with real mouse and keys. */
export type SidebarPage = {
  /** Runs an expression in the sidebar's page, the extension's APIs included, and returns its JSON value. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until it is there. */
  click(control: Control): Promise<void>;
  /** Waits until an expression gives an element that is enabled, and clicks it: for names not known to the letter. */
  clickOn(what: string, expression: string): Promise<void>;
  /** Writes this text in place of what stands there. */
  fill(name: string, text: string): Promise<void>;
  press(key: keyof typeof KEYS): Promise<void>;
  /** Waits until an expression is truthy in the page. */
  waitFor(what: string, expression: string, options?: { timeoutMs?: number }): Promise<void>;
  /** A PNG of the sidebar alone. */
  picture(): Promise<Buffer>;
};

/** The sidebar that is open or opens now. */
export async function attachToSidebar(firefox: LaunchedFirefox): Promise<SidebarPage> {
  const { bidi } = firefox;
  const context = await until("a sidebar", () => sidebarContext(firefox));

  async function find({ role, name }: Control): Promise<Element> {
    return await until(`the ${role} “${name}”`, async () => (await bidi.locate(context, { role, name })).at(-1));
  }

  async function click(control: Control): Promise<void> {
    await bidi.click(context, await find(control));
  }

  async function clickOn(what: string, expression: string): Promise<void> {
    const inSight = `((element) => {
      if (!element || element.disabled) return null;
      element.scrollIntoView({ block: "nearest" });
      return element;
    })(${expression})`;
    await bidi.click(context, await until(what, () => bidi.element(context, inSight)));
  }

  return {
    click,
    clickOn,
    evaluate: (expression) => bidi.evaluate(context, expression),
    async fill(name, text) {
      await clickOn(`the field “${name}”`, fieldOf(name));
      await bidi.press(context, [KEYS.Control, "a"], "together");
      await bidi.press(context, [KEYS.Backspace, ...text], "inTurn");
    },
    press: (key) => bidi.press(context, [KEYS[key]], "inTurn"),
    async waitFor(what, expression, options) {
      const isTrue = async () => ((await bidi.evaluate(context, `Boolean(${expression})`)) ? true : undefined);
      await until(what, isTrue, options);
    },
    picture: () => bidi.picture(context),
  };
}

/** A field by its label. Not by its role: a password has none. */
function fieldOf(name: string): string {
  return `[...document.querySelectorAll("input, textarea")].find(({ ariaLabel, labels }) =>
    [ariaLabel, ...[...labels].map(({ innerText }) => innerText.trim())].includes(${JSON.stringify(name)}))`;
}

/** WebDriver's names of the keys that write nothing. */
const KEYS = { Backspace: "\uE003", Tab: "\uE004", Enter: "\uE007", Control: "\uE009", Escape: "\uE00C" } as const;
