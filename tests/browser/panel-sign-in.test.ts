import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EMPTY_KEEPER } from "../../lib/messaging/keeper-state.ts";
import { asked, push, refuse, startPanelScenes } from "../fixtures/panel-scenes.ts";
import { ANN } from "../fixtures/whole-panel/sign-in-scenes.ts";

let panel: Awaited<ReturnType<typeof startPanelScenes>>;
let page: Page;
beforeAll(async () => {
  panel = await startPanelScenes();
});
afterAll(() => panel.close());
afterEach(() => page.context().close());

const field = (name: string) => page.getByRole("textbox", { name, exact: true });
const password = () => page.getByLabel("Password", { exact: true });
const button = (name: string) => page.getByRole("button", { name, exact: true });

describe("signing in", () => {
  it("is typed from the first field on, with what password managers look for, and sent by Enter", async () => {
    page = await panel.open("signed-out");
    await page.keyboard.type("  ann@sidestream.example ");
    await page.keyboard.press("Tab");
    await page.keyboard.type("a long password");
    await button("Show password").click();
    expect(await password().getAttribute("type")).toBe("text");
    await button("Show password").click();
    expect(await field("Email").getAttribute("autocomplete")).toBe("username");
    expect(await password().getAttribute("autocomplete")).toBe("current-password");
    await password().press("Enter");
    await expect.poll(() => asked(page, "sign-in")).toEqual([{ email: ANN.email, password: "a long password" }]);
  });

  it.each([
    ["wrong-password", "Password", "This is not the password of this account."],
    ["locked", undefined, "This account is locked after too many tries."],
    ["sign-in-down", undefined, "The sign-in service cannot be reached."],
  ])("says at its place what failed, and keeps what was typed: %s", async (scene, place, words) => {
    page = await panel.open(scene);
    await field("Email").fill(ANN.email);
    await password().fill("wrong");
    await button("Sign in").click();
    await page.getByRole("alert").filter({ hasText: words }).waitFor();
    if (place) {
      const described = await password().getAttribute("aria-describedby");
      expect(await page.locator(`[id="${described}"]`).textContent()).toContain(words);
      expect(await password().getAttribute("aria-invalid")).toBe("true");
      expect(await page.evaluate("document.activeElement.name")).toBe("password");
    }
    expect(await field("Email").inputValue()).toBe(ANN.email);
    expect(await password().inputValue()).toBe("wrong");
  });

  it("asks for what is missing before it asks the service", async () => {
    page = await panel.open("signed-out");
    await button("Sign in").click();
    await page.getByText("Type your address, like name@example.org.").waitFor();
    expect(await page.evaluate("document.activeElement.name")).toBe("email");
    await field("Email").fill(ANN.email);
    await button("Sign in").click();
    await page.getByText("Type your password.").waitFor();
    expect(await asked(page, "sign-in")).toEqual([]);
  });

  it("says that it is at work, and is not begun twice", async () => {
    page = await panel.open("locked");
    await page.evaluate('keeper.hold("sign-in")');
    await field("Email").fill(ANN.email);
    await password().fill("a long password");
    await password().press("Enter");
    await button("Signing in…").waitFor();
    await password().press("Enter");
    await button("Signing in…").click({ force: true });
    expect(await button("Email me a code").isDisabled()).toBe(true);
    await page.evaluate("keeper.release()");
    await button("Sign in").waitFor();
    expect(await asked(page, "sign-in")).toHaveLength(1);
  });

  it("says that the browser is offline, and that it no longer is", async () => {
    page = await panel.open("signed-out");
    const words = page.getByText("This browser is offline.");
    await page.context().setOffline(true);
    await words.waitFor();
    await page.context().setOffline(false);
    await words.waitFor({ state: "detached" });
  });

  it("offers Google only where the build has it", async () => {
    page = await panel.open("signed-out");
    expect(await button("Continue with Google").count()).toBe(0);
    await page.context().close();
    page = await panel.open("signed-out-google");
    await button("Continue with Google").click();
    await expect.poll(() => asked(page, "sign-in-with-google")).toEqual([{}]);
  });
});

describe("a mailed code", () => {
  it("signs in without a password, pasted as it came", async () => {
    page = await panel.open("signed-out");
    await field("Email").fill(ANN.email);
    await button("Email me a code").click();
    await page.getByRole("heading", { name: "Check your email" }).waitFor();
    expect(await asked(page, "send-code")).toEqual([{ email: ANN.email }]);
    expect(await field("Code").getAttribute("autocomplete")).toBe("one-time-code");
    await page.keyboard.insertText("424 242 is your code.");
    expect(await field("Code").inputValue()).toBe("424242");
    await page.keyboard.press("Enter");
    await expect.poll(() => asked(page, "verify-code")).toEqual([{ code: "424242" }]);
  });

  it("confirms a new account", async () => {
    page = await panel.open("signed-out");
    await field("Email").fill(ANN.email);
    await button("Create an account").click();
    await page.getByRole("heading", { name: "Create an account" }).waitFor();
    expect(await field("Email").inputValue()).toBe(ANN.email);
    expect(await password().getAttribute("autocomplete")).toBe("new-password");
    await password().fill("a long password");
    await button("Create account").click();
    await page.getByText("confirm your new account").waitFor();
    expect(await asked(page, "sign-up")).toEqual([{ email: ANN.email, password: "a long password" }]);
  });

  it("of an address that is taken leads to the other form, with the address", async () => {
    page = await panel.open("address-taken");
    await field("Email").fill(ANN.email);
    await button("Create an account").click();
    await password().fill("a long password");
    await button("Create account").click();
    await page.getByRole("alert").filter({ hasText: "There is an account with this address already." }).waitFor();
    await button("Sign in instead").click();
    await page.getByRole("heading", { name: "Sign in to Sidestream" }).waitFor();
    expect(await field("Email").inputValue()).toBe(ANN.email);
    expect(await page.evaluate("document.activeElement.name")).toBe("password");
  });

  it("is asked for again by a panel that opens in the middle, and a wrong one is said", async () => {
    page = await panel.open("wrong-code");
    await page.getByRole("heading", { name: "Check your email" }).waitFor();
    expect(await button("Send another code").isDisabled()).toBe(true);
    await field("Code").fill("12");
    await button("Continue").click();
    await page.getByText("The code has six digits.").waitFor();
    await field("Code").fill("123456");
    await button("Continue").click();
    await page.getByRole("alert").filter({ hasText: "This is not the code that was sent." }).waitFor();
    await button("Back").click();
    await page.getByRole("heading", { name: "Create an account" }).waitFor();
  });
});

describe("the server of the account", () => {
  it("is said to be the wrong kind, with what to do", async () => {
    page = await panel.open("other-server");
    await page.getByText("127.0.0.1:8787 cannot be used.").waitFor();
    await page.getByText("it pairs with a code").waitFor();
  });

  it("can be another one", async () => {
    page = await panel.open("signed-out");
    await button("Change the server").click();
    const address = field("Server address");
    await address.fill("nowhere");
    await address.press("Enter");
    await page.getByText("The address must look like").waitFor();
    await refuse(page, "use-server", "The server cannot be reached.");
    await address.fill("https://sidestream.example");
    await button("Use this server").click();
    await page.getByText("The server cannot be reached.").waitFor();
    expect(await asked(page, "use-server")).toEqual([{ serverUrl: "https://sidestream.example" }]);
    await button("Cancel").click();
    await button("Change the server").waitFor();
  });

  it("that does not take the account can be tried again, and left", async () => {
    page = await panel.open("account-refused");
    await page.getByText("accounts of another sign-in service").waitFor();
    await button("Try again").click();
    await button("Sign out").click();
    await expect.poll(() => asked(page, "sign-out")).toEqual([{}]);
  });
});

describe("signing out", () => {
  it("asks first when something would be lost, and says how much", async () => {
    page = await panel.open("signed-in");
    await leave();
    const dialog = page.getByRole("dialog", { name: "Sign out?" });
    await dialog.getByText("1 question and 2 changes have not reached the server.").waitFor();
    // Nothing pops up unasked, and Enter loses nothing.
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Stay");
    expect(await page.getByRole("tooltip").count()).toBe(0);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    expect(await asked(page, "sign-out")).toEqual([]);
    await leave();
    await button("Sign out and lose them").click();
    await expect.poll(() => asked(page, "sign-out")).toEqual([{}]);
  });

  it("leaves nothing of the person in the panel: no thread, no draft, no list, no dialog", async () => {
    page = await panel.open("signed-in");
    await page.getByRole("article").first().waitFor();
    await field("Question").fill("the secret of ann");
    await page.keyboard.press("Control+k");
    await page.getByRole("searchbox").fill("bridges");
    await push(page, { type: "snapshot", state: { ...EMPTY_KEEPER, connection: { status: "signed-out" } } });
    await page.getByRole("heading", { name: "Sign in to Sidestream" }).waitFor();
    expect(await traces()).toEqual([]);

    const account = { userId: "user_bea", email: "bea@sidestream.example" };
    await push(page, { type: "snapshot", state: { ...EMPTY_KEEPER, account, connection: { status: "online" } } });
    await field("Question").waitFor();
    expect(await field("Question").inputValue()).toBe("");
    expect(await traces()).toEqual([]);
    // Nor is a draft of before saved in the name of the next person.
    expect(await asked(page, "save-draft")).toEqual([]);
  });

  it("leaves nothing either when another person takes the place at once, with the dialog open", async () => {
    page = await panel.open("signed-in");
    await page.getByRole("article").first().waitFor();
    await leave();
    const account = { userId: "user_bea", email: "bea@sidestream.example" };
    await push(page, { type: "snapshot", state: { ...EMPTY_KEEPER, account, connection: { status: "online" } } });
    await page.getByRole("article").first().waitFor({ state: "detached" });
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await traces()).toEqual([]);
  });
});

async function leave(): Promise<void> {
  await button("Menu").click();
  await page.getByText(ANN.email).waitFor();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
}

/** What of the first person is still in the document, values of fields included. */
async function traces(): Promise<string[]> {
  const html = await page.content();
  const values: unknown = await page.evaluate(
    "[...document.querySelectorAll('input, textarea')].map((field) => field.value).join(' ')",
  );
  return ["secret of ann", ANN.email, "bridges", "tide machine", "Nijmegen"].filter((trace) =>
    `${html} ${values}`.includes(trace),
  );
}
