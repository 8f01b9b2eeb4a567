import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workerTarget } from "../../scripts/side-panel.ts";
import { until as untilThere } from "../../scripts/until.ts";
import { expectToSee, expectWholeAnswer, savedEnd } from "../fixtures/answer-checks.ts";
import { createPerson, type Person } from "../fixtures/panel-person.ts";
import { textOf } from "../fixtures/saved-answer.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { createStories } from "../fixtures/stories.ts";
import { done, finish, type Step, text, until, wait } from "../fixtures/upstream-script.ts";

/** The pause between two tokens and the length of the silence that the issue names. */
const EVERY_MS = 40_000;
const IDLE_MS = 90_000;
const QUESTION = "Take your time, please.";
const TOKENS = ["one ", "two ", "three ", "four"] as const;

/** Half a minute is the shortest period of an alarm. */
const ALARM = { timeoutMs: 60_000 };

const { story, script } = createStories();
const idle = Promise.withResolvers<void>();
const looked = Promise.withResolvers<void>();

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let other: Awaited<ReturnType<typeof startScriptedServer>>;
let watcher: Person;
let leaver: Person;
let person: Person;
let workers: (string | undefined)[];
beforeAll(async () => {
  server = await startScriptedServer(() => ({ steps: slowly() }));
  other = await startScriptedServer(script);
  watcher = await createPerson(server);
  leaver = await createPerson(server);
  person = await createPerson(other);
});
afterAll(async () => {
  for (const one of [watcher, leaver, person]) await one?.leave();
  for (const one of [server, other]) await one?.close();
});

// No debugger is attached to the workers meanwhile: it would keep them alive.
describe("a worker that nothing touches", () => {
  // The 90 s begin here and go on while the next test waits for its alarm.
  it("is there when the first of the rare tokens comes", async () => {
    await watcher.openPanel();
    await watcher.ask(QUESTION);
    await expectToSee(watcher, "one");
    await leaver.openPanel();
    await expectToSee(leaver, "one");
    await leaver.closePanel();
    workers = await workersOf(watcher, leaver);
    expect(workers.every((id) => id !== undefined)).toBe(true);
  });

  it("is woken by an alarm after its death in the midst of an answer, and tells of the end without any panel", async () => {
    const dahlia = story("dahlia");
    await person.openPanel();
    await person.ask(dahlia.question);
    dahlia.tell(1);
    await expectToSee(person, "dahlia20");
    await person.closePanel();
    await person.killWorker();
    dahlia.tellAll();
    await savedEnd(other, dahlia);
    expect(await workerTarget(person.browser())).toBeUndefined();
    await untilThere("an alarm to wake the worker", () => workerTarget(person.browser()), ALARM);
    await expect.poll(person.badge, { timeout: 10_000 }).toBe("•");
    await person.openPanel();
    await expectWholeAnswer(person, other, dahlia);
  });

  it("lives through 90 s of rare tokens, and the answer is whole, whether the panel is open or closed", async () => {
    await idle.promise;
    expect(await workersOf(watcher, leaver)).toEqual(workers);
    expect(await shown(watcher)).toEqual([["one two three", true]]);

    await leaver.openPanel();
    await expect.poll(() => shown(leaver)).toEqual([["one two three", true]]);
    looked.resolve();
    for (const one of [watcher, leaver]) {
      await expect.poll(() => shown(one), { timeout: 20_000 }).toEqual([["one two three four", false]]);
    }
    const saved = await savedEnd(server, { question: QUESTION });
    expect(textOf(saved.parts)).toBe(TOKENS.join(""));
  });
});

async function shown(person: Person): Promise<[text: string, busy: boolean][]> {
  return (await person.sees()).answers.map(({ text, busy }) => [text.trim(), busy]);
}

/** A worker that died and came again has another id. */
function workersOf(...people: Person[]): Promise<(string | undefined)[]> {
  return Promise.all(people.map((person) => workerTarget(person.browser())));
}

/** Three tokens in 80 s; at 90 s the test looks, and then the last one comes. */
function* slowly(): Generator<Step> {
  const [one, two, three, four] = TOKENS;
  yield text(one);
  yield wait(EVERY_MS);
  yield text(two);
  yield wait(EVERY_MS);
  yield text(three);
  yield wait(IDLE_MS - 2 * EVERY_MS);
  idle.resolve();
  yield until(looked.promise);
  yield text(four);
  yield finish();
  yield done;
}
