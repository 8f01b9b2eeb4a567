import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT_PEOPLE, type AccountPerson } from "../fixtures/account-person.ts";
import { startImpatientServer, type WatchedServer } from "../fixtures/account-server.ts";
import { expectToSee, expectWholeAnswer } from "../fixtures/answer-checks.ts";
import { type StandInClerk, startClerk } from "../fixtures/clerk-frontend-api/index.ts";
import { words as plain } from "../fixtures/seen.ts";
import { done, finish, type Step, text, until, wait, words } from "../fixtures/upstream-script.ts";

/** So short that a token is asked for at nearly every need of one, and a feed ends 13 s after it began. */
const TOKEN_LIFE_SECONDS = 12;
const GRACE_MS = 1_000;
const LEAST_FEEDS = 4;
/** A minute. */
const WORDS = 240;
const EVERY_MS = 250;
const PASSWORD = "long enough for anybody";

let clerk: StandInClerk;
let server: WatchedServer;
/** In each browser one who watches the answer all the time and one who closes the panel. */
let everybody: Someone[];

beforeAll(async () => {
  clerk = await startClerk({ tokenLifeSeconds: TOKEN_LIFE_SECONDS });
  const slow = ({ body }: { body: unknown }) => ({ steps: slowly(JSON.stringify(body)) });
  server = await startImpatientServer(clerk, slow, GRACE_MS);
  everybody = await Promise.all(
    ACCOUNT_PEOPLE.flatMap(({ browser, create }) =>
      [true, false].map(async (watches) => {
        const person = await create({ clerk, server: server });
        return someone({ browser, watches, person });
      }),
    ),
  );
});
afterAll(async () => {
  await Promise.all((everybody ?? []).map(({ person }) => person.leave()));
  await server?.close();
  await clerk?.stop();
});

describe("tokens that live 12 s", () => {
  it("lose no character of an answer of a minute, whether the panel is open or closed", async () => {
    await each(everybody, async ({ email, person, question, watches, tokens }) => {
      clerk.users.add({ email, password: PASSWORD });
      await person.openPanel();
      await person.signIn(email, PASSWORD);
      await person.isIn();
      await person.ask(question);
      await expectToSee(person, tokens[0]?.trim() ?? "");
      if (!watches) await person.closePanel();
    });
    const begun = Date.now();
    await each(everybody, async ({ person, tokens, watches, toldAll }) => {
      await toldAll.promise;
      if (!watches) await person.openPanel();
      const live = [{ text: tokens.join("").trim(), busy: true }];
      await expect.poll(() => answersIn(person), PATIENT).toEqual(live);
    });
    expect(Date.now() - begun).toBeGreaterThan(0.8 * WORDS * EVERY_MS);
    for (const { email } of everybody) {
      const asked = tokenRequestsOf(email);
      expect(server.feedsOf(email)).toBeGreaterThanOrEqual(LEAST_FEEDS);
      expect(asked).toBeGreaterThanOrEqual(LEAST_FEEDS - 1);
      expect(server.tokensTakenOf(email).length).toBeGreaterThanOrEqual(LEAST_FEEDS);
    }
    await each(everybody, async ({ person, email, question, tokens, looked }) => {
      looked.resolve();
      const saved = { url: server.url, token: server.tokenOf(email) };
      await expectWholeAnswer(person, saved, { question, text: tokens.join("") });
    });
  });
});

type Someone = ReturnType<typeof someone>;

function someone({ browser, watches, person }: { browser: string; watches: boolean; person: AccountPerson }) {
  // So short that the whole of an answer is drawn.
  const word = `${browser.slice(0, 1)}${watches ? "w" : "l"}`;
  return {
    name: `who ${watches ? "watches" : "leaves"} in ${browser}`,
    watches,
    person,
    email: `${word}@people.example`,
    question: `Tell me slowly of ${word}.`,
    tokens: words(WORDS, word),
    /** The upstream has sent all words, and waits for a look at them before it ends. */
    toldAll: Promise.withResolvers<void>(),
    looked: Promise.withResolvers<void>(),
  };
}

function* slowly(asked: string): Generator<Step> {
  const one = everybody.find(({ question }) => asked.includes(question));
  if (one === undefined) throw new Error(`nobody asked that: ${asked}`);
  for (const word of one.tokens) {
    yield wait(EVERY_MS);
    yield text(word);
  }
  one.toldAll.resolve();
  yield until(one.looked.promise);
  yield finish();
  yield done;
}

const PATIENT = { timeout: 20_000, interval: 150 };

async function answersIn(person: AccountPerson): Promise<{ text: string; busy: boolean }[]> {
  return (await person.sees()).answers.map(({ text: shown, busy }) => ({ text: plain(shown), busy }));
}

/** How many tokens that person's browser has fetched at Clerk. */
function tokenRequestsOf(email: string): number {
  return clerk.seen.filter(({ path }) => clerk.sessionsOf(email).some((id) => path.endsWith(`/sessions/${id}/tokens`)))
    .length;
}

/** Runs this for all of them at once, each to its end. */
async function each(people: readonly Someone[], run: (one: Someone) => Promise<void>): Promise<void> {
  const runs = people.map((one) =>
    run(one).catch((cause: unknown) => {
      throw new Error(`${one.name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }),
  );
  await Promise.allSettled(runs);
  await Promise.all(runs);
}
