import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clerkVariables, tokensOf } from "../fixtures/account-server.ts";
import { expectToSee, savedEnd } from "../fixtures/answer-checks.ts";
import { type StandInClerk, startClerk } from "../fixtures/clerk-frontend-api/index.ts";
import { LISTED, listed, unlisted } from "../fixtures/conversation-list.ts";
import { type HistoryServer, MODELS, startHistoryServer } from "../fixtures/history-server.ts";
import { historyInBrowser, historyOnServer } from "../fixtures/kept-history.ts";
import { textOf } from "../fixtures/saved-answer.ts";
import type { ChatRequest } from "../fixtures/scripted-upstream.ts";
import { words } from "../fixtures/seen.ts";
import { median, seenAt } from "../fixtures/seen-at.ts";
import { createStories } from "../fixtures/stories.ts";
import { type BrowserOfTwo, type Device, startTwoBrowsers } from "../fixtures/two-browsers.ts";
import { callTool, say } from "../fixtures/upstream-script.ts";

const ADA = { email: "ada@people.example", password: "the tide machine" };
const { story, script: tellStory } = createStories(10);

let clerk: StandInClerk;
let browsers: Awaited<ReturnType<typeof startTwoBrowsers>>;
let isSignedIn = false;
beforeAll(async () => {
  clerk = await startClerk();
  clerk.users.add(ADA);
  browsers = await startTwoBrowsers(clerk);
});
afterAll(async () => {
  await browsers?.leave();
  await clerk?.stop();
});

const WAYS: readonly { from: BrowserOfTwo; to: BrowserOfTwo }[] = [
  { from: "Chromium", to: "Firefox" },
  { from: "Firefox", to: "Chromium" },
];

describe.each(["SQLite", "Convex"] as const)("Chromium and Firefox of one person, history in %s", (store) => {
  let server: HistoryServer;
  let devices: Record<BrowserOfTwo, Device>;
  const times: Record<string, number[]> = {};
  beforeAll(async () => {
    const token = tokensOf(clerk)(ADA.email);
    server = await startHistoryServer({ store, script, env: clerkVariables(clerk), token });
    devices = await browsers.connect(server);
    if (!isSignedIn) await browsers.signIn(ADA.email, ADA.password);
    isSignedIn = true;
  });
  afterAll(async () => {
    const all = Object.entries(times).map(([what, ms]) => `${what} ${ms.join(" and ")} ms`);
    console.log(`${store}, from the save to the other panel: ${all.join(", ")}`);
    console.log(`${store}: the median is ${median(Object.values(times).flat())} ms`);
    for (const { line } of Object.values(devices ?? {})) line.close();
    await server?.close();
  });

  describe.each(WAYS)("an answer that is started in $from", ({ from, to }) => {
    it(`is watched live in ${to} and stopped there`, async () => {
      const tale = story(`${store}-${from}`.toLowerCase());
      const [one, other] = [devices[from], devices[to]];
      await one.person.askInNewConversation(tale.question);
      await other.list.show(tale.question);
      tale.tell(1);
      const sent = tale.text.slice(0, tale.text.indexOf(tale.lastWordOf(1)) + tale.lastWordOf(1).length);
      for (const { person } of [other, one]) {
        await expect.poll(() => lastAnswer(person)).toEqual({ text: words(sent), busy: true });
      }
      tale.tell(2);
      await expectToSee(other.person, `${tale.name}150`);
      await other.hands.click({ role: "button", name: "Stop" });
      const saved = await savedEnd(server, tale);
      expect(saved.status).toBe("stopped");
      expect(tale.text.startsWith(textOf(saved.parts))).toBe(true);
      for (const { person } of [one, other]) {
        await expect.poll(() => lastAnswer(person)).toEqual({ text: words(textOf(saved.parts)), busy: false });
        expect((await person.sees()).answers[0]?.whole).toContain("Stopped. What had arrived is kept.");
      }
      const request = server.upstream.requests.at(-1);
      await request?.closed;
      expect(request?.complete).toBe(false);
    });

    it.each([
      { answer: "Allow once", state: "done" },
      { answer: "Deny", state: "denied" },
    ])(`has its approval answered in ${to}: $answer`, async ({ answer, state }) => {
      const [one, other] = [devices[from], devices[to]];
      const question = `Write it down from ${from}: ${answer}`;
      await one.person.askInNewConversation(question);
      await other.list.show(question);
      for (const { hands } of [one, other]) await hands.waitFor("the card", CARD);
      await other.hands.click({ role: "button", name: answer });
      for (const { person, hands } of [one, other]) {
        await expect.poll(() => lastAnswer(person)).toEqual({ text: "That is done.", busy: false });
        expect(await hands.evaluate(CARD)).toBe(false);
      }
      const { parts } = await savedEnd(server, { question });
      expect(parts.find(({ type }) => type === "tool")).toMatchObject({ tool: "write", state });
    });
  });

  describe.each(WAYS)("what is done in $from", ({ from, to }) => {
    it.each<{
      what: string;
      act: (list: Device["list"], title: string) => Promise<void>;
      shows: (title: string) => string;
    }>([
      {
        what: "a new name",
        act: (list, title) => list.rename(title, `${title}!`),
        shows: (title) => listed(`${title}!`),
      },
      { what: "a pin", act: (list, title) => list.pin(title), shows: (title) => listed(title, "pinned") },
      { what: "a move to the archive", act: (list, title) => list.archive(title), shows: unlisted },
      { what: "a deletion", act: (list, title) => list.remove(title), shows: unlisted },
      {
        what: "a read mark",
        act: (list, title) => list.show(title),
        shows: (title) => `${listed(title)} && !${listed(title, "unread")}`,
      },
    ])(`shows in ${to}, which is not reloaded: $what`, async ({ what, act, shows }) => {
      const title = `${what} in ${from}`;
      await server.ask(title);
      for (const { list, hands } of Object.values(devices)) {
        await list.open();
        await hands.waitFor("the new conversation", listed(title, "unread"));
      }
      await measure(what, devices[to], shows(title), () => act(devices[from].list, title));
    });

    it(`shows in ${to}, which is not reloaded: a new conversation and the chosen model`, async () => {
      const question = `What is new in ${from}?`;
      const { person, hands } = devices[from];
      await devices[to].list.open();
      await measure("a new conversation", devices[to], listed(question), () => person.askInNewConversation(question));
      const model = `Scripted ${MODELS[from === "Chromium" ? 1 : 0]}`;
      const isChosen = `document.querySelector('[aria-label="Model: ${model}"]') !== null`;
      await measure("the chosen model", devices[to], isChosen, async () => {
        await hands.clickOn("the model", `document.querySelector('button[aria-label^="Model: "]')`);
        await hands.clickOn(
          "the other model",
          `[...document.querySelectorAll("[role=radio]")].find(({ innerText }) => innerText.includes("${model}"))`,
        );
      });
    });
  });

  it.each(WAYS)("a laptop with $from that was offline for 50 changes catches up by one pull", async ({ from, to }) => {
    const [laptop, other] = [devices[from], devices[to]];
    const named = (index: number | string) => `Number ${index} while ${from} was away`;
    for (const { list } of [laptop, other]) await list.open();
    await laptop.goOffline();
    const ids: string[] = [];
    for (let index = 0; index < 12; index += 1) ids.push(await server.ask(`Question ${index} while ${from} was away`));
    await expect
      .poll(async () => (await historyOnServer(server)).messages.filter(({ status }) => status === "streaming"))
      .toEqual([]);
    for (const [index, id] of ids.entries()) {
      await server.patch(id, { title: named(index) });
      await server.patch(id, { pinned: index % 2 === 0 });
      if (index % 3 === 0) await server.remove(id);
      else await server.patch(id, { archived: index % 3 === 1 });
    }
    await other.list.rename(named(5), named("five"));
    await other.list.remove(named(8));
    await other.hands.waitFor("the last change", unlisted(named(8)));
    laptop.line.requests();
    await laptop.comeBack();
    await laptop.list.open();
    await laptop.hands.waitFor("the last changes", `${listed(named("five"))} && ${unlisted(named(8))}`);
    expect(await laptop.hands.evaluate(LISTED)).toEqual(await other.hands.evaluate(LISTED));
    expect(laptop.line.requests()[PULL]).toBe(1);
    // What comes later costs one more: nothing was under way any more.
    await other.list.pin(named(11));
    await laptop.hands.waitFor("what came later", listed(named(11), "pinned"));
    expect(laptop.line.requests()[PULL]).toBe(1);
  });

  it.each(WAYS)(
    "edits made offline in $from are kept and sent later, and what was deleted in $to is told",
    async ({ from, to }) => {
      const [laptop, other] = [devices[from], devices[to]];
      const of = (what: string) => `${what} while ${from} is offline`;
      const lost = [of("Lose"), of("Ask")];
      const all = [of("Name"), of("Pin"), of("Delete"), ...lost];
      for (const title of all) await server.ask(title);
      for (const { list, hands } of [laptop, other]) {
        await list.open();
        for (const title of all) await hands.waitFor(title, listed(title, "unread"));
      }
      await laptop.list.show(of("Ask"));
      await laptop.goOffline();
      await laptop.person.ask("Is this kept?");
      await laptop.hands.waitFor("it to be kept", `document.body.innerText.includes("Kept: sent when")`);
      await laptop.list.rename(of("Name"), of("Rename"));
      await laptop.list.rename(of("Lose"), of("Lost"));
      await laptop.list.pin(of("Pin"));
      await laptop.list.remove(of("Delete"));
      const edited = [listed(of("Rename")), listed(of("Pin"), "pinned"), unlisted(of("Delete"))];
      await laptop.hands.waitFor("all at once there", [...edited, listed(of("Lost"))].join(" && "));
      for (const title of all) expect(await other.hands.evaluate(listed(title))).toBe(true);
      expect(await other.hands.evaluate(listed(of("Pin"), "pinned"))).toBe(false);
      for (const title of lost) await other.list.remove(title);
      // What reaches the server before the deletion is no loss.
      await expect.poll(async () => (await titles()).filter((title) => lost.includes(title))).toEqual([]);
      await laptop.comeBack();
      await other.hands.waitFor("what was edited", edited.join(" && "));
      expect(await takeLosses(laptop)).toEqual([
        `“${of("Ask")}” was deleted on another device. Your question was not sent.`,
        `“${of("Lost")}” was deleted on another device. What you changed in it could not be kept.`,
      ]);
      await laptop.hands.waitFor("the question", `document.querySelector("textarea").value === "Is this kept?"`);
      await laptop.hands.fill("Question", "");
    },
  );

  it("ends with equal histories, row by row", async () => {
    const whole = await historyOnServer(server);
    expect(whole.conversations.length).toBeGreaterThan(30);
    expect(whole.messages.length).toBe(2 * whole.conversations.length);
    for (const { hands, line } of Object.values(devices)) {
      await expect.poll(() => historyInBrowser(hands, line.url)).toEqual(whole);
    }
  });

  async function titles(): Promise<string[]> {
    return (await historyOnServer(server)).conversations.map(({ title }) => title);
  }

  async function measure(what: string, on: Device, shows: string, act: () => Promise<void>): Promise<void> {
    const begun = Date.now();
    const seeing = seenAt(on.hands, shows);
    await act();
    const [seen, saved] = [await seeing, server.savedSince(begun)];
    if (seen === undefined || saved === undefined) throw new Error(`${what}: saved ${saved}, seen ${seen}`);
    times[what] = [...(times[what] ?? []), seen - saved];
  }
});

const CARD = `[...document.querySelectorAll("button")].some(({ innerText }) => innerText === "Allow once")`;
const PULL = "GET /api/changes";

function script(chat: ChatRequest) {
  const asked = JSON.stringify(chat.body);
  if (asked.includes("Tell me the story")) return tellStory(chat);
  if (!asked.includes("Write it down")) return say("Noted.");
  return asked.includes('"role":"tool"') ? say("That is done.") : callTool("files__write", { text: "it" });
}

/** Spacing is compared in what was saved: a page shows paragraphs by lines. */
async function lastAnswer({ sees }: Device["person"]): Promise<{ text: string; busy: boolean } | undefined> {
  const answer = (await sees()).answers.at(-1);
  return answer && { text: words(answer.text), busy: answer.busy };
}

/** Reads both losses, whichever is told first, and takes the words of a question that was not sent back to the composer. */
async function takeLosses({ hands }: Device): Promise<string[]> {
  await hands.waitFor("two losses", `document.body.innerText.includes("1 more") && ${LOSS}`);
  const told: string[] = [];
  while (told.length < 2) {
    const loss = String(await hands.evaluate(LOSS));
    const way = loss.includes("question") ? EDIT_AND_ASK_AGAIN : DISMISS;
    await hands.clickOn("what ends it", way);
    await hands.waitFor("its end", `${LOSS} !== ${JSON.stringify(loss)}`);
    told.push(loss);
  }
  return told.toSorted();
}

const LOSS = `[...document.querySelectorAll("p[role=status]")]
  .find(({ innerText }) => innerText.includes("on another device"))?.innerText`;
const DISMISS = `document.querySelector('button[aria-label="Dismiss"]')`;
const EDIT_AND_ASK_AGAIN = `[...document.querySelectorAll("button")]
  .find(({ innerText }) => innerText === "Edit and ask again")`;
