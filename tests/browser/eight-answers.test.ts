import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectWholeAnswer } from "../fixtures/answer-checks.ts";
import { askInNewConversation, createPerson, type Person } from "../fixtures/panel-person.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { createStories, type Story } from "../fixtures/stories.ts";

const NAMES = ["aster", "birch", "cedar", "dahlia", "elder", "fern", "gorse", "hazel"];
const { story, script } = createStories(25);

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let person: Person;
beforeAll(async () => {
  server = await startScriptedServer(script);
  person = await createPerson(server);
});
afterAll(async () => {
  await person?.leave();
  await server?.close();
});

describe("eight conversations at once", () => {
  it("stream each its own answer, whichever is looked at, also when their worker is killed", async () => {
    const stories = NAMES.map(story);
    await person.openPanel();
    await person.use(async (panel) => {
      for (const { question } of stories) await askInNewConversation(panel, question);
      expect(server.upstream.requests.map(({ open }) => open)).toEqual(NAMES.map(() => true));
      await expect.poll(person.badge).toBe("8");
      for (const { tell } of stories) tell(1);
      for (const one of stories) await look(panel, one, 0);
    });
    await person.killWorker();
    await person.use(async (panel) => {
      for (const { tell } of stories) tell(2);
      for (const one of stories.toReversed()) await look(panel, one, 1);
      for (const { tellAll } of stories) tellAll();
      for (const one of stories) {
        await switchTo(panel, one);
        await expectWholeAnswer(person, server, one);
      }
    });
    expect(server.upstream.requests).toHaveLength(NAMES.length);
    await expect.poll(person.badge).toBe("");
  });
});

/** Shows a story that is being told: what stands there is the beginning of it, with at least these chapters and a word. */
async function look(panel: Page, one: Story, chapters: number): Promise<void> {
  await switchTo(panel, one);
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

async function switchTo(panel: Page, { question }: Story): Promise<void> {
  await panel.getByRole("heading", { level: 1 }).getByRole("button").click();
  const list = panel.getByRole("dialog", { name: "Conversations" });
  await list.getByRole("button", { name: question }).and(list.locator(":not([aria-label])")).click();
  await panel.getByRole("article", { name: "Your question" }).getByText(question).waitFor();
}
