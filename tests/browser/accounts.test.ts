import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AccountWorld, startAccountWorlds } from "../fixtures/account-worlds.ts";
import { expectToSee, expectWholeAnswer } from "../fixtures/answer-checks.ts";
import { tracesOf } from "../fixtures/traces.ts";

const ADA = { email: "ada@people.example", password: "the tide machine" };
const BEN = { email: "ben@people.example", password: "a quiet harbour" };
const OFFLINE = "Offline: the sign-in service cannot be reached.";
/** What Ada has asked for. */
const STORIES = ["zinnia", "lupin", "clover", "mallow"];
const DRAFT = "What I never sent: orchids";

let worlds: Awaited<ReturnType<typeof startAccountWorlds>>;
beforeAll(async () => {
  worlds = await startAccountWorlds();
});
afterAll(() => worlds?.close());

/** In each browser one person after the other; each test goes on where the one before ended. */
describe("accounts", () => {
  it("say why nobody can sign in, and take a mailed code instead of a password", () =>
    worlds.each(async ({ clerk, person }) => {
      clerk.users.add(BEN);
      await person.openPanel();
      const panel = await person.hands();
      const tryAgain = () => panel.click({ role: "button", name: "Sign in" });
      await clerk.faults.down();
      await person.signIn(BEN.email, BEN.password);
      await person.isTold("The sign-in service cannot be reached. Check your connection and try again.");
      await clerk.faults.up();
      clerk.faults.tooMany(40);
      await tryAgain();
      await person.isTold("Too many tries. Try again in 40 seconds.");
      clerk.faults.fail();
      await tryAgain();
      await person.isTold("The sign-in service has a fault at the moment. Try again in a minute.");
      clerk.faults.none();
      clerk.users.lock(BEN.email, 1_800);
      await tryAgain();
      await person.isTold("This account is locked after too many tries. Try again in 30 minutes.");
      clerk.users.lock(BEN.email, 0);
      await panel.fill("Email", "nobody@people.example");
      await tryAgain();
      await person.isTold("There is no account with this address. Check it, or sign up.");

      await panel.fill("Email", BEN.email);
      await panel.click({ role: "button", name: "Email me a code" });
      await person.isTold(`A code was sent to ${BEN.email}`);
      await panel.fill("Code", clerk.lastCode(BEN.email) === "111111" ? "222222" : "111111");
      await panel.press("Enter");
      await person.isTold("The code is wrong. Check the last mail, or have a new code sent.");
      // A panel that opens in the midst goes on where the one before was.
      await person.closePanel();
      await person.openPanel();
      await person.isTold(`A code was sent to ${BEN.email}`);
      await person.enterCode(BEN.email);
      await person.signOut();
    }));

  it("begin with a mailed code; the answer of a panel that was closed is whole", () =>
    worlds.each(async ({ server, person, story }) => {
      const panel = await person.hands();
      await panel.click({ role: "button", name: "Create an account" });
      await person.isTold("A long one that you use nowhere else.");
      await panel.fill("Email", ADA.email);
      await panel.fill("Password", ADA.password);
      await panel.click({ role: "button", name: "Create account" });
      await person.isTold(`A code was sent to ${ADA.email}`);
      await person.enterCode(ADA.email);
      await person.signOut();

      await person.signIn(ADA.email, "the wrong machine");
      await person.isTold("The password is wrong. Try again, or sign in with a code by mail.");
      await panel.fill("Password", ADA.password);
      await panel.press("Enter");
      await person.isIn();

      const zinnia = story("zinnia");
      await person.ask(zinnia.question);
      zinnia.tell(1);
      await expectToSee(person, "zinnia20");
      await person.closePanel();
      zinnia.tell(2);
      await person.openPanel();
      await expectToSee(person, zinnia.lastWordOf(2));
      zinnia.tellAll();
      await expectWholeAnswer(person, { url: server.url, token: server.tokenOf(ADA.email) }, zinnia);
    }));

  it("go on while the sign-in service is down: the panel says that it is offline, and finds it again by itself", () =>
    worlds.each(async ({ clerk, server, person, story }) => {
      const saved = { url: server.url, token: server.tokenOf(ADA.email) };
      const [running, cut, waiting] = [story("lupin"), story("clover"), story("mallow")];
      // So short that none is kept: whatever needs one asks for it.
      clerk.tokens.setLife(10);
      await person.signOut();
      await person.signIn(ADA.email, ADA.password);
      await person.isIn();
      await person.askInNewConversation(cut.question);
      cut.tell(1);
      await expectToSee(person, cut.lastWordOf(1));
      await person.askInNewConversation(running.question);
      running.tell(1);
      await expectToSee(person, running.lastWordOf(1));
      await clerk.faults.down();
      running.tell(2);
      await expectToSee(person, running.lastWordOf(2));

      await person.askInNewConversation(waiting.question);
      await person.isTold(OFFLINE);
      await person.isTold("Kept: sent when the sign-in service can be reached.");
      await person.switchTo(running.question);
      running.tellAll();
      await expectWholeAnswer(person, saved, running);
      await person.isTold(OFFLINE);

      await person.closePanel();
      await person.killWorker();
      await person.openPanel();
      await person.isTold(OFFLINE);
      await person.switchTo(running.question);
      await expectToSee(person, running.lastWordOf(3));
      await person.switchTo(cut.question);
      await expectToSee(person, cut.lastWordOf(1));

      cut.tellAll();
      waiting.tellAll();
      await clerk.faults.up();
      await person.switchTo(waiting.question);
      await expectWholeAnswer(person, saved, waiting);
      await person.switchTo(cut.question);
      await expectWholeAnswer(person, saved, cut);
      const panel = await person.hands();
      await panel.waitFor("the panel to be online", `!document.body.innerText.includes("${OFFLINE}")`);
      clerk.tokens.setLife(60);
    }));

  it("leave nothing to the next person: in no panel and in no storage", () =>
    worlds.each(async ({ clerk, server, person, story }) => {
      const adas = [ADA.email, clerk.users.find(ADA.email)?.id ?? "", ...STORIES, DRAFT];
      await person.typeInNewConversation(DRAFT);
      await expect.poll(async () => tracesOf(adas, [await person.kept()]), PATIENT).toEqual(adas);
      await person.openSecondPanel();
      await expect.poll(() => panelsWith([...STORIES, DRAFT], person), PATIENT).toBe(2);

      await person.signOut();
      await expect.poll(async () => (await person.shown()).map(offersToSignIn), PATIENT).toEqual([true, true]);
      expect(tracesOf(adas, await everything(person))).toEqual([]);

      await person.signIn(BEN.email, BEN.password);
      await person.isIn();
      await expect.poll(async () => (await person.shown()).map(offersToSignIn), PATIENT).toEqual([false, false]);
      expect(tracesOf([BEN.email, ...adas], await everything(person))).toEqual([BEN.email]);
      expect(await person.sees()).toMatchObject({ questions: [], answers: [] });

      const rose = story("rose");
      rose.tellAll();
      await person.ask(rose.question);
      await expectWholeAnswer(person, { url: server.url, token: server.tokenOf(BEN.email) }, rose);
      expect(tracesOf(adas, await everything(person))).toEqual([]);
    }));
});

const PATIENT = { timeout: 20_000, interval: 150 };

type Person = AccountWorld["person"];

async function everything(person: Person): Promise<string[]> {
  return [...(await person.shown()), await person.kept()];
}

/** How many panels show one of these. */
async function panelsWith(words: readonly string[], person: Person): Promise<number> {
  return (await person.shown()).filter((shown) => tracesOf(words, [shown]).length > 0).length;
}

function offersToSignIn(shown: string): boolean {
  return shown.includes("Sign in to Sidestream");
}
