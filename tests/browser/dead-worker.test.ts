import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { expectToSee, expectWholeAnswer, savedEnd } from "../fixtures/answer-checks.ts";
import { type AnyPerson, PEOPLE } from "../fixtures/any-person.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { createStories } from "../fixtures/stories.ts";

describe.each(PEOPLE)("in $browser", ({ create }) => {
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

  describe("an answer whose background worker was killed in its midst", () => {
    it("goes on in the open panel, each time", async () => {
      const aster = story("aster");
      await person.openPanel();
      await person.askInNewConversation(aster.question);
      aster.tell(1);
      await expectToSee(person, "aster20");
      await person.killWorker();
      aster.tell(2);
      await expectToSee(person, "aster140");
      await person.killWorker();
      aster.tellAll();
      await expectWholeAnswer(person, server, aster);
    });

    it("is whole in the open panel when the rest of it came meanwhile", async () => {
      const birch = story("birch");
      await person.openPanel();
      await person.askInNewConversation(birch.question);
      birch.tell(1);
      await expectToSee(person, "birch20");
      birch.tellAll();
      await person.killWorker();
      await expectWholeAnswer(person, server, birch);
    });

    it("goes on in a panel that was closed at that moment and opened again", async () => {
      const cedar = story("cedar");
      await person.openPanel();
      await person.askInNewConversation(cedar.question);
      cedar.tell(1);
      await expectToSee(person, "cedar20");
      await person.closePanel();
      await person.killWorker();
      cedar.tell(2);
      await person.openPanel();
      await expectToSee(person, cedar.lastWordOf(2));
      await person.closePanel();
      await person.killWorker();
      cedar.tellAll();
      await savedEnd(server, cedar);
      await person.openPanel();
      await expectWholeAnswer(person, server, cedar);
    });
  });

  describe("a question whose background worker is killed in the moment of sending", () => {
    it("is asked once, and its answer is whole", async () => {
      for (const name of ["elder", "fern", "gorse"]) {
        const one = story(name);
        one.tellAll();
        const calls = server.upstream.requests.length;
        await person.openPanel();
        await person.typeInNewConversation(one.question);
        await person.sendUnwatched();
        await person.killWorker();
        await expectWholeAnswer(person, server, one);
        expect(server.upstream.requests).toHaveLength(calls + 1);
        await person.closePanel();
      }
    });
  });
});
