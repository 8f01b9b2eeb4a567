import { describe, expect, it } from "vitest";
import type { QuestionPart } from "../../../lib/protocol/messages.ts";
import type { OpenTurn, Store } from "../store.ts";
import { ALICE, answerOf, newId, type OpenStore, turnAfter, turnOf, withStore } from "./samples.ts";

/** search, by a table over four languages and over what looks like query syntax. */
export function describeSearch(open: OpenStore): void {
  describe("search", () => {
    it(
      "finds by the table",
      withStore(open, async (store) => {
        const library = await fillLibrary(store);
        for (const [q, expected] of TABLE) {
          const hits = await store.search(ALICE, { q, limit: 50 });
          const names = hits.map((hit) => library.get(hit.messageId) ?? "unknown");
          expect.soft(names.sort(), `query: ${q}`).toEqual([...expected].sort());
        }
      }),
    );

    it(
      "gives a snippet of plain text around the match",
      withStore(open, async (store) => {
        const turn = turnOf({ title: "T" });
        const text = `${"Lorem ipsum dolor. ".repeat(200)}Here is <b>the Needle</b>\n\nof it. ${"Sit amet. ".repeat(200)}`;
        await store.openTurn(ALICE, turn);
        await store.saveAnswer(ALICE, answerOf(turn, text));
        const [hit] = await store.search(ALICE, { q: "needle", limit: 5 });
        const { conversationId, assistantMessageId: messageId } = turn;
        expect(hit).toMatchObject({ conversationId, messageId });
        expect(hit?.snippet).toContain("<b>the Needle</b> of it.");
        expect(hit?.snippet.length).toBeLessThan(300);
      }),
    );

    it(
      "follows the changes of titles and answers, and puts the better match first",
      withStore(open, async (store) => {
        const turn = turnOf({ title: "Aardvark" });
        const other = turnOf({ title: "T" });
        for (const each of [turn, other]) await store.openTurn(ALICE, each);
        const found = async (q: string, limit = 50) =>
          (await store.search(ALICE, { q, limit })).map(({ messageId }) => messageId);
        expect(await found("aardvark")).toEqual([turn.userMessageId]);
        await store.patchConversation(ALICE, turn.conversationId, { title: "Basilisk" });
        expect(await found("aardvark")).toEqual([]);
        expect(await found("basilisk")).toEqual([turn.userMessageId]);

        await store.saveAnswer(ALICE, answerOf(turn, `Cormorant. ${"Something else entirely. ".repeat(100)}`));
        await store.saveAnswer(ALICE, answerOf(other, "Cormorant, cormorant and cormorant."));
        expect(await found("cormorant")).toEqual([other.assistantMessageId, turn.assistantMessageId]);
        expect(await found("cormorant", 1)).toEqual([other.assistantMessageId]);
      }),
    );

    it(
      "names a message once when it and its conversation's title are found",
      withStore(open, async (store) => {
        const turn = turnOf({ title: "Dodo", question: [{ type: "text", text: "Where is the dodo?" }] });
        await store.openTurn(ALICE, turn);
        await store.openTurn(ALICE, turnAfter(turn));
        for (const q of ["dodo", "do"]) {
          const hits = await store.search(ALICE, { q, limit: 50 });
          expect(hits.map((hit) => hit.messageId)).toEqual([turn.userMessageId]);
        }
      }),
    );
  });
}

/** What is found: the names of `LIBRARY`; "sky" is found by its conversation's title too. */
const TABLE: [string, string[]][] = [
  ["streaming", ["english"]],
  ["STREAMING", ["english"]],
  ["strea", ["english"]],
  ["answer streaming", ["english"]],
  ["streaming answer panel", ["english"]],
  ["streaming zebra", []],
  ["an answ", ["english"]],
  ["straße", ["german"]],
  ["STRASSE", ["german"]],
  ["größe schön", ["german"]],
  ["GRÖSSE", ["german"]],
  ["gro\u0308\u00dfe", ["german"]],
  ["Donaudampfschiff", ["german"]],
  ["日本語", ["japanese"]],
  ["本語の文", ["japanese"]],
  ["検索", ["japanese"]],
  ["文", ["japanese", "chinese"]],
  ["ストリーミング", ["japanese"]],
  ["ｽﾄﾘｰﾐﾝｸﾞ", ["japanese"]],
  ["日本語　検索", ["japanese"]],
  ["日本語 狐", []],
  ["中文", ["chinese"]],
  ["全文搜索", ["chinese"]],
  ["ＡＰＩ", ["symbols"]],
  ["🦊", ["symbols"]],
  ["c++", ["symbols"]],
  ["100%", ["symbols"]],
  ["%", ["symbols"]],
  ["_", ["symbols"]],
  ["snake_case", ["symbols"]],
  ['"', ["symbols"]],
  ['"quoted"', ["symbols"]],
  ['"quoted', ["symbols"]],
  ["strea*", []],
  ["*", []],
  ["NEAR(streaming answer)", []],
  ["streaming NEAR answer", []],
  ["streaming OR zebra", []],
  ["streaming NOT answer", []],
  ["AND", ["symbols"]],
  ["folded:streaming", []],
  ["-streaming", []],
  ["^streaming", []],
  ["(", []],
  ["'; DROP TABLE messages; --", []],
  ["\\", []],
  ["\0", []],
  ["\0streaming\0", ["english"]],
  ["\ud83d", []],
  ["wikipedia fuchs", ["page"]],
  ["hidden page text", []],
  ["secret reasoning", []],
  ["celestial", ["sky"]],
  ["ce", ["sky"]],
];

const LIBRARY: Record<string, string> = {
  english: "A streaming answer is shown in the panel.",
  german: "Die Donaudampfschifffahrtsstraße hat eine schöne Größe.",
  japanese: "これは日本語の文章です。全文検索とストリーミングを試します。",
  chinese: "这是一段中文文本，用于全文搜索。",
  symbols: 'C++ at 100% of snake_case, "quoted" and the API 🦊',
};

/** Writes the library: each text as an answer. Returns the names of the messages by id. */
async function fillLibrary(store: Store): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const ask = async (name: string, given: Partial<OpenTurn>) => {
    const turn = turnOf({ title: "...", question: [{ type: "text", text: "..." }], ...given });
    await store.openTurn(ALICE, turn);
    names.set(turn.userMessageId, name);
    return turn;
  };
  for (const [name, text] of Object.entries(LIBRARY)) {
    const turn = await ask(`question of ${name}`, {});
    names.set(turn.assistantMessageId, name);
    await store.saveAnswer(ALICE, answerOf(turn, text));
  }
  const page: QuestionPart = {
    ...{ type: "page", url: "https://example.org/", title: "Rotfuchs – Wikipedia" },
    ...{ text: "hidden page text", truncated: false, capturedAt: "2026-01-01T00:00:00.000Z" },
  };
  await ask("page", { question: [page] });
  await ask("sky", { title: "Celestial", conversationId: newId() });
  const thoughtful = await ask("question of thoughts", {});
  const thoughts = { parts: [{ type: "reasoning" as const, text: "secret reasoning" }] };
  await store.saveAnswer(ALICE, answerOf(thoughtful, "", thoughts));
  return names;
}
