import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { convexToJson, type Value } from "convex/values";
import { describe, expect, it } from "vitest";
import { ALICE, BOB } from "../../server/ports/store-contract/samples.ts";
import { CALL_TABLE, type GuessedIds } from "../fixtures/convex-call-table.ts";
import { startConvexDeployment } from "../fixtures/convex-deployment/index.ts";
import { twoPeople } from "../fixtures/convex-two-people.ts";
import { modules, schema } from "../fixtures/sidestream-functions.ts";

/** Touches no row and knows no user. */
const OF_NOBODY = ["readiness:check"];

const CASES = Object.entries(CALL_TABLE).flatMap(([name, cases]) =>
  cases.map((argsOf, index) => ({ name, case: index + 1, argsOf })),
);

describe("the functions of convex/", () => {
  it("are all in the table, internal, and take the user's id first", async () => {
    const functions = await functionsOfConvex();
    expect([...functions.keys()].sort()).toEqual([...Object.keys(CALL_TABLE), ...OF_NOBODY].sort());
    for (const [name, registered] of functions) {
      expect(Reflect.get(registered, "isInternal"), name).toBe(true);
      if (!OF_NOBODY.includes(name)) expect(argumentsOf(registered)[0], name).toBe("userId");
    }
  });

  it.each(CASES)("$name, case $case: what is Alice's does not exist for Bob, and stays as it is", async (each) => {
    const [guessing, missing] = [await twoPeople(), await twoPeople()];
    const before = await guessing.rowsOfAlice();
    const args = (guessed: GuessedIds) => ({ userId: BOB, ...each.argsOf(guessed, guessing.own[BOB]) });
    const foreign = await guessing.call(each.name, args(guessing.alices));
    const unknown = await missing.call(each.name, args(missing.nobodys));
    expect(comparable(foreign, guessing.alices)).toEqual(comparable(unknown, missing.nobodys));
    expect(await guessing.rowsOfAlice()).toEqual(before);
  });

  it.each(CASES)("$name, case $case: Alice sees or changes something with it", async (each) => {
    const [hers, strangers] = [await twoPeople(), await twoPeople()];
    const before = await hers.rowsOfAlice();
    const answer = await hers.call(each.name, { userId: ALICE, ...each.argsOf(hers.alices, hers.own[ALICE]) });
    const args = { userId: BOB, ...each.argsOf(strangers.alices, strangers.own[BOB]) };
    const foreign = await strangers.call(each.name, args);
    const hasChanged = JSON.stringify(before, asText) !== JSON.stringify(await hers.rowsOfAlice(), asText);
    const isOther = JSON.stringify(answer, asText) !== JSON.stringify(foreign, asText);
    expect(hasChanged || isOther).toBe(true);
  });

  it("cannot be called without the deploy key, and say no more than a function that does not exist", async () => {
    await using deployment = await startConvexDeployment({ schema, modules });
    const client = new ConvexHttpClient(deployment.url, { skipConvexDeploymentUrlCheck: true, logger: false });
    const ids = (await twoPeople()).alices;
    const names = [...Object.keys(CALL_TABLE), ...OF_NOBODY];
    for (const name of [...names, "turns:missing", "missing:check"]) {
      const args = { userId: ALICE, ...CALL_TABLE[name]?.[0]?.(ids, ids.conversationId) };
      const refusal = new RegExp(`Could not find public function for '${name}'`);
      await expect(client.query(makeFunctionReference<"query">(name), args)).rejects.toThrow(refusal);
      const mutation = client.mutation(makeFunctionReference<"mutation">(name), args, { skipQueue: true });
      await expect(mutation).rejects.toThrow(refusal);
    }
    for (const name of names) expect(deployment.counts.of(name).ran, name).toBe(0);
  });
});

async function functionsOfConvex(): Promise<Map<string, object>> {
  const folder = join(import.meta.dirname, "../../convex");
  const found = new Map<string, object>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
    const loaded: object = await import(join(folder, file));
    for (const [name, exported] of Object.entries(loaded)) {
      const isFunction = ["isQuery", "isMutation", "isAction", "isHttp"].some(
        (kind) => typeof exported === "function" && Reflect.get(exported, kind) === true,
      );
      if (isFunction) found.set(`${file.replace(/\.ts$/, "")}:${name}`, exported);
    }
  }
  // What the stand-in is given must be all that is deployed.
  for (const name of found.keys()) expect(Object.keys(modules)).toContain(`convex/${name.split(":")[0]}.ts`);
  return found;
}

function argumentsOf(registered: object): string[] {
  const exported: unknown = Reflect.apply(Reflect.get(registered, "exportArgs"), registered, []);
  const { value } = JSON.parse(String(exported));
  return Object.keys(value);
}

/** An answer without what differs by chance: the ids that were asked for, and times. */
function comparable(answer: Value, guessed: GuessedIds): unknown {
  const { streaming, key: _key, ...ids } = guessed;
  let text = JSON.stringify(convexToJson(answer))
    .replaceAll(/\{"\$integer":"[^"]+"\}/g, '"a commit"')
    .replaceAll(/"writtenAt":[\d.]+/g, '"writtenAt":"a time"');
  for (const [name, id] of Object.entries({ ...ids, ...streaming })) text = text.replaceAll(id, name);
  return JSON.parse(text);
}

function asText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value;
}
