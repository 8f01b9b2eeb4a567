import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectToSee, expectWholeAnswer } from "../fixtures/answer-checks.ts";
import { type CuttableLine, layLine } from "../fixtures/cuttable-line.ts";
import { createPerson, type Person } from "../fixtures/panel-person.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { createStories } from "../fixtures/stories.ts";

const { story, script } = createStories();

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let line: CuttableLine;
let person: Person;
beforeAll(async () => {
  server = await startScriptedServer(script);
  line = await layLine(server.url);
  person = await createPerson({ url: line.url, token: server.token });
});
afterAll(async () => {
  await person?.leave();
  line?.close();
  await server?.close();
});

describe("an answer whose line to the browser breaks in its midst", () => {
  it("goes on where it stood, each time", async () => {
    const aster = story("aster");
    await person.openPanel();
    await person.ask(aster.question);
    for (const [index, word] of ["aster20", "aster140", "aster260"].entries()) {
      aster.tell(index + 1);
      await expectToSee(person, word);
      const connections = line.connections();
      line.cut();
      await expect.poll(line.connections, { timeout: 20_000 }).toBeGreaterThan(connections);
    }
    await expectWholeAnswer(person, server, aster);
  });
});
