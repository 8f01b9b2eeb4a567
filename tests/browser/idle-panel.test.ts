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
let person: Person;
const idle = Promise.withResolvers<void>();
const looked = Promise.withResolvers<void>();
beforeAll(async () => {
  server = await startScriptedServer(() => ({ steps: slowly() }));
  person = await createPerson(server);
});
afterAll(async () => {
  await person?.leave();
  await server?.close();
});

describe("a panel that nobody touches while tokens are rare", () => {
  it("has each of them after 90 s, from the worker that it began with, to which no debugger was attached", async () => {
    await person.openPanel();
    await person.ask(QUESTION);
    await expectToSee(person, "one");
    const worker = await workerTarget(person.browser());
    expect(worker).toBeDefined();
    await idle.promise;
    expect(await workerTarget(person.browser())).toBe(worker);
    const { answers } = await person.sees();
    expect(answers.map(({ text, busy }) => [text.trim(), busy])).toEqual([["one two three", true]]);

    looked.resolve();
    const shown = async () => (await person.sees()).answers.map(({ text, busy }) => [text.trim(), busy]);
    await expect.poll(shown, { timeout: 20_000 }).toEqual([["one two three four", false]]);
    const saved = await savedEnd(server, { question: QUESTION });
    expect(textOf(saved.parts)).toBe(TOKENS.join(""));
  });
});

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
