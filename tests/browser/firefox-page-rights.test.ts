import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { extensionDir } from "../../scripts/build.ts";
import { createFirefoxPerson, type FirefoxPerson } from "../fixtures/firefox-person.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { say } from "../fixtures/upstream-script.ts";

/** A name of this machine that the extension has no right to, unlike 127.0.0.1. */
const SITE = "rights.test";
const TITLE = "The brass computer that knew the sea";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let person: FirefoxPerson;
beforeAll(async () => {
  server = await startScriptedServer(say("It adds them up."));
  person = await createFirefoxPerson(server, {
    build: extensionDir("production", "firefox"),
    // The question that Firefox would ask is answered with yes: nobody sits here.
    prefs: { "network.dns.localDomains": SITE, "extensions.webextOptionalPermissionPrompts": false },
  });
});
afterAll(async () => {
  await person?.leave();
  await server?.close();
});
beforeEach(async () => {
  const [tab] = await person.firefox.browser.pages();
  await tab?.goto(person.siteUrl.replace("127.0.0.1", SITE));
});
afterEach(async () => {
  await person.closePanel();
  await person.inBackground(`browser.permissions.remove({ origins: ["*://*/*"] })`);
});

describe("a page that the extension may not read by itself", () => {
  it("is granted by the icon", async () => {
    await person.openPanel();
    await expect.poll(shownText).toContain(TITLE);
    await attach();
    expect(await person.inBackground(ALL_PAGES)).toBe(false);
  });

  it("is granted by the entry of its menu, which attaches it", async () => {
    await person.chooseInPageMenu("Ask Sidestream about this page");
    await expectAttached();
    expect(await person.inBackground(ALL_PAGES)).toBe(false);
  });

  it("is asked for in the click, until the right is taken back", async () => {
    await person.openSidebarFromView();
    expect(await shownText()).not.toContain(TITLE);
    await attach();
    expect(await person.inBackground(ALL_PAGES)).toBe(true);
    await expect.poll(shownText).toContain(TITLE);
    await person.inBackground(`browser.permissions.remove({ origins: ["*://*/*"] })`);
    await (await person.panel()).click({ role: "button", name: "Do not send this page" });
    await expect.poll(shownText).not.toContain(TITLE);
  });
});

describe("a page of Firefox itself", () => {
  it("is not offered, whatever was granted", async () => {
    const [tab] = await person.firefox.browser.pages();
    await person.openSidebarFromView();
    await expect.poll(shownText).toContain(OFFER);
    await tab?.goto("about:license", { waitUntil: [] });
    await expect.poll(shownText).not.toContain(OFFER);
    await tab?.goto(person.siteUrl.replace("127.0.0.1", SITE));
    await attach();
    await (await person.panel()).click({ role: "button", name: "Do not send this page" });
    await expect.poll(shownText).toContain(OFFER);
    await tab?.goto("about:license", { waitUntil: [] });
    await expect.poll(shownText).not.toContain(OFFER);
  });
});

describe("a server whose address the extension may no longer read", () => {
  it("is reached all the same, because it lets the origin in", async () => {
    const origins: unknown[] = [];
    const note = (message: unknown) => {
      const { request } = requestSchema.parse(message);
      if (request.method === "OPTIONS") origins.push(request.headers.origin);
    };
    await person.inBackground(`browser.permissions.remove({ origins: ["http://127.0.0.1/*", "http://localhost/*"] })`);
    await person.killWorker();
    subscribe("http.server.request.start", note);
    await person.openPanel();
    await person.ask("How does it work?");
    await expect.poll(async () => (await person.sees()).answers.map(({ text }) => text)).toEqual(["It adds them up."]);
    unsubscribe("http.server.request.start", note);
    expect(new Set(origins)).toEqual(new Set([person.firefox.origin]));
  });
});

const requestSchema = z.object({
  request: z.object({ method: z.string(), headers: z.object({ origin: z.string().optional() }) }),
});

const OFFER = "Ask about this page";
const ALL_PAGES = `browser.permissions.contains({ origins: ["*://*/*"] })`;

async function attach(): Promise<void> {
  await (await person.panel()).click({ role: "button", name: OFFER });
  await expectAttached();
}

async function expectAttached(): Promise<void> {
  const isThere = `document.querySelector('[aria-label="Do not send this page"]') !== null`;
  await expect.poll(async () => (await person.panel()).evaluate(isThere)).toBe(true);
}

async function shownText(): Promise<unknown> {
  return (await person.panel()).evaluate("document.body.innerText");
}
