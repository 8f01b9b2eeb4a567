import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import { expectToSee, expectWholeAnswer, savedEnd } from "../fixtures/answer-checks.ts";
import { createPerson, type Person } from "../fixtures/panel-person.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { createStories } from "../fixtures/stories.ts";

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

describe("an answer whose browser ended in its midst", () => {
  it.each(["close", "crash"] as const)("goes on when the browser is started again (%s)", async (end) => {
    const aster = story(`aster-${end}-`);
    await person.openPanel();
    await person.askInNewConversation(aster.question);
    aster.tell(1);
    await expectToSee(person, `aster-${end}-20`);
    await person.endBrowser(end);
    aster.tell(2);
    await person.startBrowser();
    await person.openPanel();
    await expectToSee(person, aster.lastWordOf(2));
    aster.tellAll();
    await expectWholeAnswer(person, server, aster);
  });

  it.each(["close", "crash"] as const)("is whole when it ended while there was no browser (%s)", async (end) => {
    const birch = story(`birch-${end}-`);
    await person.openPanel();
    await person.askInNewConversation(birch.question);
    birch.tell(1);
    await expectToSee(person, `birch-${end}-20`);
    await person.endBrowser(end);
    birch.tellAll();
    await savedEnd(server, birch);
    await person.startBrowser();
    await person.openPanel();
    await expectWholeAnswer(person, server, birch);
  });
});
