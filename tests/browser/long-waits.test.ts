import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until as untilThere } from "../../scripts/until.ts";
import { expectToSee, expectWholeAnswer, savedEnd } from "../fixtures/answer-checks.ts";
import { type AnyPerson, PEOPLE } from "../fixtures/any-person.ts";
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

const idle = Promise.withResolvers<void>();
const looked = Promise.withResolvers<void>();

type Server = Awaited<ReturnType<typeof startScriptedServer>>;
let server: Server;
/** In each browser one who watches the answer all the time and one who closes the panel. */
const watchers: AnyPerson[] = [];
const leavers: AnyPerson[] = [];
let lives: unknown[];
beforeAll(async () => {
  server = await startScriptedServer(() => ({ steps: slowly() }));
  for (const { create } of PEOPLE) {
    watchers.push(await create(server));
    leavers.push(await create(server));
  }
});
afterAll(async () => {
  for (const one of [...watchers, ...leavers]) await one.leave();
  await server?.close();
});

// No debugger is attached to the backgrounds meanwhile: it would keep them alive.
describe("a background that nothing touches", () => {
  // The 90 s begin here and go on while the next test waits for its alarms.
  it("is there when the first of the rare tokens comes", async () => {
    const [asker, ...others] = [...watchers, ...leavers];
    await asker?.openPanel();
    await asker?.ask(QUESTION);
    for (const one of others) {
      await one.openPanel();
      await expectToSee(one, "one");
    }
    for (const one of leavers) await one.closePanel();
    lives = await livesOf([...watchers, ...leavers]);
    expect(lives).not.toContain(undefined);
  });

  it("is woken by an alarm after its death in the midst of an answer, and tells of the end without any panel", async () => {
    await Promise.all(
      PEOPLE.map(async ({ create }) => {
        const { story, script } = createStories();
        const other = await startScriptedServer(script);
        const person = await create(other);
        try {
          const dahlia = story("dahlia");
          await person.openPanel();
          await person.ask(dahlia.question);
          dahlia.tell(1);
          await expectToSee(person, "dahlia20");
          await person.closePanel();
          await person.killWorker();
          dahlia.tellAll();
          await savedEnd(other, dahlia);
          expect(await person.workerLife()).toBeUndefined();
          await untilThere("an alarm to wake the background", person.workerLife, ALARM);
          await expect.poll(person.badge, { timeout: 10_000 }).toBe("•");
          await person.openPanel();
          await expectWholeAnswer(person, other, dahlia);
        } finally {
          await person.leave();
          await other.close();
        }
      }),
    );
  });

  it("lives through 90 s of rare tokens, and the answer is whole, whether the panel is open or closed", async () => {
    await idle.promise;
    expect(await livesOf([...watchers, ...leavers])).toEqual(lives);
    for (const one of watchers) expect(await shown(one)).toEqual([["one two three", true]]);

    for (const one of leavers) {
      await one.openPanel();
      await expect.poll(() => shown(one)).toEqual([["one two three", true]]);
    }
    looked.resolve();
    for (const one of [...watchers, ...leavers]) {
      await expect.poll(() => shown(one), { timeout: 20_000 }).toEqual([["one two three four", false]]);
    }
    const saved = await savedEnd(server, { question: QUESTION });
    expect(textOf(saved.parts)).toBe(TOKENS.join(""));
  });
});

async function shown(person: AnyPerson): Promise<[text: string, busy: boolean][]> {
  return (await person.sees()).answers.map(({ text, busy }) => [text.trim(), busy]);
}

/** A background that ended and came again has another life. */
function livesOf(people: readonly AnyPerson[]): Promise<unknown[]> {
  return Promise.all(people.map((person) => person.workerLife()));
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
