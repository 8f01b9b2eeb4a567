import { describe, it } from "vitest";
import { expectToSee, expectWholeAnswer, savedEnd } from "../fixtures/answer-checks.ts";
import { createPerson } from "../fixtures/panel-person.ts";
import { personAtServer } from "../fixtures/person-at-server.ts";

const at = personAtServer(createPerson);
const { story } = at;

describe("an answer whose browser ended in its midst", () => {
  it.each(["close", "crash"] as const)("goes on when the browser is started again (%s)", async (end) => {
    const aster = story(`aster-${end}-`);
    await at.person.openPanel();
    await at.person.askInNewConversation(aster.question);
    aster.tell(1);
    await expectToSee(at.person, `aster-${end}-20`);
    await at.person.endBrowser(end);
    aster.tell(2);
    await at.person.startBrowser();
    await at.person.openPanel();
    await expectToSee(at.person, aster.lastWordOf(2));
    aster.tellAll();
    await expectWholeAnswer(at.person, at.server, aster);
  });

  it.each(["close", "crash"] as const)("is whole when it ended while there was no browser (%s)", async (end) => {
    const birch = story(`birch-${end}-`);
    await at.person.openPanel();
    await at.person.askInNewConversation(birch.question);
    birch.tell(1);
    await expectToSee(at.person, `birch-${end}-20`);
    await at.person.endBrowser(end);
    birch.tellAll();
    await savedEnd(at.server, birch);
    await at.person.startBrowser();
    await at.person.openPanel();
    await expectWholeAnswer(at.person, at.server, birch);
  });
});
