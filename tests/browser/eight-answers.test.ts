import { describe, expect, it } from "vitest";
import { expectWholeAnswer } from "../fixtures/answer-checks.ts";
import { type AnyPerson, PEOPLE } from "../fixtures/any-person.ts";
import { personAtServer } from "../fixtures/person-at-server.ts";
import type { Story } from "../fixtures/stories.ts";

const NAMES = ["aster", "birch", "cedar", "dahlia", "elder", "fern", "gorse", "hazel"];

describe.each(PEOPLE)("eight conversations at once, in $browser", ({ create }) => {
  const at = personAtServer(create, { everyMs: 25 });
  const { story } = at;

  it("stream each its own answer, whichever is looked at, also when their background is ended", async () => {
    const stories = NAMES.map(story);
    await at.person.openPanel();
    for (const { question } of stories) await at.person.askInNewConversation(question);
    await expect.poll(() => at.server.upstream.requests.map(({ open }) => open)).toEqual(NAMES.map(() => true));
    await expect.poll(at.person.badge).toBe("8");
    for (const { tell } of stories) tell(1);
    for (const one of stories) await look(at.person, one, 0);
    await at.person.killWorker();
    for (const { tell } of stories) tell(2);
    for (const one of stories.toReversed()) await look(at.person, one, 1);
    for (const { tellAll } of stories) tellAll();
    for (const one of stories) {
      await at.person.switchTo(one.question);
      await expectWholeAnswer(at.person, at.server, one);
    }
    expect(at.server.upstream.requests).toHaveLength(NAMES.length);
    await expect.poll(at.person.badge).toBe("");
  });
});

/** Shows a story that is being told: what stands there is the beginning of it, with at least these chapters and a word. */
async function look(person: AnyPerson, one: Story, chapters: number): Promise<void> {
  await person.switchTo(one.question);
  const told = withoutSpaces(one.text);
  const atLeast = chapters === 0 ? 0 : told.indexOf(one.lastWordOf(chapters)) + one.lastWordOf(chapters).length;
  const read = async () => {
    const { questions, answers } = await person.sees();
    const shown = withoutSpaces(answers.map(({ text }) => text).join(""));
    return questions.join() === one.question && told.startsWith(shown) ? shown.length : `${questions}: ${shown}`;
  };
  await expect.poll(read, { timeout: 20_000 }).toBeGreaterThan(atLeast);
}

function withoutSpaces(text: string): string {
  return text.replaceAll(/\s+/g, "");
}
