import { describe, expect, it } from "vitest";
import { expectToSee, expectWholeAnswer, savedEnd } from "../fixtures/answer-checks.ts";
import { PEOPLE } from "../fixtures/any-person.ts";
import { createPerson } from "../fixtures/panel-person.ts";
import { personAtServer } from "../fixtures/person-at-server.ts";
import { words } from "../fixtures/seen.ts";

describe.each(PEOPLE)("an answer whose panel was closed in its midst, in $browser", ({ create }) => {
  const at = personAtServer(create);
  const { story } = at;

  it("is whole when the panel is opened after its end, which icon and notification told of", async () => {
    const aster = story("aster");
    await at.person.openPanel();
    await at.person.ask(aster.question);
    aster.tell(1);
    await expectToSee(at.person, "aster20");
    await at.person.closePanel();
    expect(await at.person.badge()).toBe("1");
    aster.tellAll();
    const { conversationId } = await savedEnd(at.server, aster);
    await expect.poll(at.person.badge).toBe("•");
    await expect.poll(at.person.notices).toEqual([conversationId]);
    await at.person.openPanel();
    await expectWholeAnswer(at.person, at.server, aster);
    await expect.poll(at.person.badge).toBe("");
  });

  it("goes on in the panel that is opened while it runs", async () => {
    const birch = story("birch");
    await at.person.openPanel();
    await at.person.askInNewConversation(birch.question);
    birch.tell(1);
    await expectToSee(at.person, "birch20");
    await at.person.closePanel();
    birch.tell(2);
    await at.person.openPanel();
    await expectToSee(at.person, birch.lastWordOf(2));
    birch.tellAll();
    await expectWholeAnswer(at.person, at.server, birch);
  });
});

describe("an answer that runs", () => {
  const at = personAtServer(createPerson);
  const { story } = at;

  it("shows in the panels of two windows", async () => {
    const cedar = story("cedar");
    await at.person.openPanel();
    await at.person.askInNewConversation(cedar.question);
    cedar.tell(1);
    await expectToSee(at.person, cedar.lastWordOf(1));
    await at.person.openPanelInNewWindow();
    cedar.tell(2);
    const shown = async () =>
      (await at.person.allPanelsShow()).map(({ answers }) => answers.map(({ text }) => words(text)));
    const soFar = words(cedar.text.slice(0, cedar.text.indexOf(cedar.lastWordOf(2)) + cedar.lastWordOf(2).length));
    await expect.poll(shown, { timeout: 20_000 }).toEqual([[soFar], [soFar]]);
    cedar.tellAll();
    await expect.poll(shown, { timeout: 20_000 }).toEqual([[words(cedar.text)], [words(cedar.text)]]);
    await expectWholeAnswer(at.person, at.server, cedar);
    await at.person.closePanel();
  });

  it("is marked in the list when it ends unseen, until it is opened", async () => {
    const dahlia = story("dahlia");
    await at.person.openPanel();
    await at.person.askInNewConversation(dahlia.question);
    dahlia.tell(1);
    await expectToSee(at.person, "dahlia20");
    await at.person.use(async (panel) => {
      await panel.getByRole("button", { name: "New conversation" }).last().click();
      const switcher = panel.getByRole("heading", { level: 1 }).getByRole("button");
      await panel.getByRole("button", { name: /^New conversation\s*1 running elsewhere/ }).waitFor();
      dahlia.tellAll();
      await panel.getByRole("button", { name: /^New conversation\s*1 unread/ }).waitFor();
      await expect.poll(at.person.badge).toBe("•");
      await switcher.click();
      await panel.getByRole("button", { name: `${dahlia.question} unread` }).click();
    });
    await expectWholeAnswer(at.person, at.server, dahlia);
    await expect.poll(at.person.badge).toBe("");
  });
});
