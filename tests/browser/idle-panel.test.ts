import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workerTarget } from "../../scripts/side-panel.ts";
import { expectToSee, savedEnd } from "../fixtures/answer-checks.ts";
import { createPerson, type Person } from "../fixtures/panel-person.ts";
import { textOf } from "../fixtures/saved-answer.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { done, finish, type Step, text, until, wait } from "../fixtures/upstream-script.ts";

/** The pause between two tokens and the length of the silence that the issue names. */
const EVERY_MS = 40_000;
const IDLE_MS = 90_000;
const QUESTION = "Take your time, please.";
const TOKENS = ["one ", "two ", "three ", "four"] as const;

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let watcher: Person;
let leaver: Person;
const idle = Promise.withResolvers<void>();
const looked = Promise.withResolvers<void>();
beforeAll(async () => {
  server = await startScriptedServer(() => ({ steps: slowly() }));
  watcher = await createPerson(server);
  leaver = await createPerson(server);
});
afterAll(async () => {
  await watcher?.leave();
  await leaver?.leave();
  await server?.close();
});

// No debugger is attached to the workers meanwhile: it would keep them alive.
describe("90 s in which nobody touches anything and tokens are rare", () => {
  it("leave an answer whole and its worker alive, whether the panel is open or closed", async () => {
    await watcher.openPanel();
    await watcher.ask(QUESTION);
    await expectToSee(watcher, "one");
    await leaver.openPanel();
    await expectToSee(leaver, "one");
    await leaver.closePanel();
    const workers = await workersOf(watcher, leaver);
    expect(workers.every((id) => id !== undefined)).toBe(true);
    await idle.promise;
    expect(await workersOf(watcher, leaver)).toEqual(workers);
    expect(await shown(watcher)).toEqual([["one two three", true]]);

    await leaver.openPanel();
    await expect.poll(() => shown(leaver)).toEqual([["one two three", true]]);
    looked.resolve();
    for (const person of [watcher, leaver]) {
      await expect.poll(() => shown(person), { timeout: 20_000 }).toEqual([["one two three four", false]]);
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

/** Three tokens in 80 s; at 90 s the test looks, and the last one comes. */
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
