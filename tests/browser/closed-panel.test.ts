import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { expectToSee, expectWholeAnswer, savedEnd } from "../fixtures/answer-checks.ts";
import { type AnyPerson, PEOPLE } from "../fixtures/any-person.ts";
import { createPerson, type Person } from "../fixtures/panel-person.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { words } from "../fixtures/seen.ts";
import { createStories } from "../fixtures/stories.ts";

describe.each(PEOPLE)("an answer whose panel was closed in its midst, in $browser", ({ create }) => {
  const { story, script } = createStories();
  let server: Awaited<ReturnType<typeof startScriptedServer>>;
  let person: AnyPerson;
  beforeAll(async () => {
    server = await startScriptedServer(script);
    person = await create(server);
  });
  afterAll(async () => {
    await person?.leave();
    await server?.close();
  });
  afterEach(() => person.closePanel());

  it("is whole when the panel is opened after its end, which icon and notification told of", async () => {
    const aster = story("aster");
    await person.openPanel();
    await person.ask(aster.question);
    aster.tell(1);
    await expectToSee(person, "aster20");
    await person.closePanel();
    expect(await person.badge()).toBe("1");
    aster.tellAll();
    const { conversationId } = await savedEnd(server, aster);
    await expect.poll(person.badge).toBe("•");
    await expect.poll(person.notices).toEqual([conversationId]);
    await person.openPanel();
    await expectWholeAnswer(person, server, aster);
    await expect.poll(person.badge).toBe("");
  });

  it("goes on in the panel that is opened while it runs", async () => {
    const birch = story("birch");
    await person.openPanel();
    await person.askInNewConversation(birch.question);
    birch.tell(1);
    await expectToSee(person, "birch20");
    await person.closePanel();
    birch.tell(2);
    await person.openPanel();
    await expectToSee(person, birch.lastWordOf(2));
    birch.tellAll();
    await expectWholeAnswer(person, server, birch);
  });
});

describe("an answer that runs", () => {
  const { story, script } = createStories();
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
  afterEach(() => person.closePanel());

  it("shows in the panels of two windows", async () => {
    const cedar = story("cedar");
    await person.openPanel();
    await person.askInNewConversation(cedar.question);
    cedar.tell(1);
    await expectToSee(person, cedar.lastWordOf(1));
    await person.openPanelInNewWindow();
    cedar.tell(2);
    const shown = async () =>
      (await person.allPanelsShow()).map(({ answers }) => answers.map(({ text }) => words(text)));
    const soFar = words(cedar.text.slice(0, cedar.text.indexOf(cedar.lastWordOf(2)) + cedar.lastWordOf(2).length));
    await expect.poll(shown, { timeout: 20_000 }).toEqual([[soFar], [soFar]]);
    cedar.tellAll();
    await expect.poll(shown, { timeout: 20_000 }).toEqual([[words(cedar.text)], [words(cedar.text)]]);
    await expectWholeAnswer(person, server, cedar);
    await person.closePanel();
  });

  it("is marked in the list when it ends unseen, until it is opened", async () => {
    const dahlia = story("dahlia");
    await person.openPanel();
    await person.askInNewConversation(dahlia.question);
    dahlia.tell(1);
    await expectToSee(person, "dahlia20");
    await person.use(async (panel) => {
      await panel.getByRole("button", { name: "New conversation" }).last().click();
      const switcher = panel.getByRole("heading", { level: 1 }).getByRole("button");
      await panel.getByRole("button", { name: /^New conversation\s*1 running elsewhere/ }).waitFor();
      dahlia.tellAll();
      await panel.getByRole("button", { name: /^New conversation\s*1 unread/ }).waitFor();
      await expect.poll(person.badge).toBe("•");
      await switcher.click();
      await panel.getByRole("button", { name: `${dahlia.question} unread` }).click();
    });
    await expectWholeAnswer(person, server, dahlia);
    await expect.poll(person.badge).toBe("");
  });
});
