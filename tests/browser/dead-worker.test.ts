import { describe, expect, it } from "vitest";
import { expectToSee, expectWholeAnswer, savedEnd } from "../fixtures/answer-checks.ts";
import { PEOPLE } from "../fixtures/any-person.ts";
import { personAtServer } from "../fixtures/person-at-server.ts";

describe.each(PEOPLE)("in $browser", ({ create }) => {
  const at = personAtServer(create);
  const { story } = at;

  describe("an answer whose background worker was killed in its midst", () => {
    it("goes on in the open panel, each time", async () => {
      const aster = story("aster");
      await at.person.openPanel();
      await at.person.askInNewConversation(aster.question);
      aster.tell(1);
      await expectToSee(at.person, "aster20");
      await at.person.killWorker();
      aster.tell(2);
      await expectToSee(at.person, "aster140");
      await at.person.killWorker();
      aster.tellAll();
      await expectWholeAnswer(at.person, at.server, aster);
    });

    it("is whole in the open panel when the rest of it came meanwhile", async () => {
      const birch = story("birch");
      await at.person.openPanel();
      await at.person.askInNewConversation(birch.question);
      birch.tell(1);
      await expectToSee(at.person, "birch20");
      birch.tellAll();
      await at.person.killWorker();
      await expectWholeAnswer(at.person, at.server, birch);
    });

    it("goes on in a panel that was closed at that moment and opened again", async () => {
      const cedar = story("cedar");
      await at.person.openPanel();
      await at.person.askInNewConversation(cedar.question);
      cedar.tell(1);
      await expectToSee(at.person, "cedar20");
      await at.person.closePanel();
      await at.person.killWorker();
      cedar.tell(2);
      await at.person.openPanel();
      await expectToSee(at.person, cedar.lastWordOf(2));
      await at.person.closePanel();
      await at.person.killWorker();
      cedar.tellAll();
      await savedEnd(at.server, cedar);
      await at.person.openPanel();
      await expectWholeAnswer(at.person, at.server, cedar);
    });
  });

  describe("a question whose background worker is killed in the moment of sending", () => {
    it("is asked once, and its answer is whole", async () => {
      for (const name of ["elder", "fern", "gorse"]) {
        const one = story(name);
        one.tellAll();
        const calls = at.server.upstream.requests.length;
        await at.person.openPanel();
        await at.person.typeInNewConversation(one.question);
        await at.person.sendUnwatched();
        await at.person.killWorker();
        await expectWholeAnswer(at.person, at.server, one);
        expect(at.server.upstream.requests).toHaveLength(calls + 1);
        await at.person.closePanel();
      }
    });
  });
});
