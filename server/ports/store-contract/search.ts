import { describe, expect, it } from "vitest";
import { ALICE, answerOf, type OpenStore, turnAfter, turnOf, withStore } from "./samples.ts";
import { fillLibrary, namesFound } from "./search-library.ts";

/**
 * search, as every store must have it: whole words and beginnings of words in languages with spaces, any piece of a text
 * in languages without. `describeSubstringSearch` is what a store may find beyond that.
 */
export function describeSearch(open: OpenStore): void {
  describe("search", () => {
    it(
      "finds what every store must find, and only that",
      withStore(open, async (store) => {
        const library = await fillLibrary(store);
        for (const [q, expected] of FOUND_BY_EVERY_STORE) {
          expect.soft(await namesFound(store, library, q), `query: ${q}`).toEqual([...expected].sort());
        }
      }),
    );

    it(
      "never finds what has not every word of the query, what is hidden and what is gone",
      withStore(open, async (store) => {
        const library = await fillLibrary(store);
        for (const q of NEVER_FOUND) {
          expect.soft(await namesFound(store, library, q), `query: ${q}`).toEqual([]);
        }
      }),
    );

    it(
      "takes what looks like query syntax for text: it fails on none and finds nothing that has not its words",
      withStore(open, async (store) => {
        const library = await fillLibrary(store);
        for (const [q, atMost] of LIKE_SYNTAX) {
          const others = (await namesFound(store, library, q)).filter((name) => !atMost.includes(name));
          expect.soft(others, `query: ${q}`).toEqual([]);
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
      "follows the changes of titles and answers, and forgets what was deleted",
      withStore(open, async (store) => {
        const turn = turnOf({ title: "Aardvark" });
        await store.openTurn(ALICE, turn);
        const found = async (q: string) => (await store.search(ALICE, { q, limit: 50 })).map((hit) => hit.messageId);
        expect(await found("aardvark")).toEqual([turn.userMessageId]);
        await store.patchConversation(ALICE, turn.conversationId, { title: "Basilisk" });
        expect(await found("aardvark")).toEqual([]);
        expect(await found("basilisk")).toEqual([turn.userMessageId]);

        await store.saveAnswer(ALICE, answerOf(turn, "Dodo", { status: "streaming" }));
        await store.saveAnswer(ALICE, answerOf(turn, "Egret"));
        expect(await found("dodo")).toEqual([]);
        expect(await found("egret")).toEqual([turn.assistantMessageId]);
        await store.deleteConversation(ALICE, turn.conversationId);
        for (const q of ["basilisk", "egret", "page"]) expect(await found(q)).toEqual([]);
      }),
    );

    it(
      "puts the better match first",
      withStore(open, async (store) => {
        const [long, short] = [turnOf({ title: "T" }), turnOf({ title: "T" })];
        for (const turn of [long, short]) await store.openTurn(ALICE, turn);
        await store.saveAnswer(ALICE, answerOf(long, `Cormorant. ${"Something else entirely. ".repeat(100)}`));
        await store.saveAnswer(ALICE, answerOf(short, "Cormorant, cormorant and cormorant."));
        const found = async (limit: number) =>
          (await store.search(ALICE, { q: "cormorant", limit })).map(({ messageId }) => messageId);
        expect(await found(50)).toEqual([short.assistantMessageId, long.assistantMessageId]);
        expect(await found(1)).toEqual([short.assistantMessageId]);
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

/** What is found: the names of the library's texts; "sky" is found by its conversation's title. */
const FOUND_BY_EVERY_STORE: [string, string[]][] = [
  ["streaming", ["english"]],
  ["STREAMING", ["english"]],
  ["strea", ["english"]],
  ["answer streaming", ["english"]],
  ["streaming answer panel", ["english"]],
  ["an answ", ["english"]],
  ["größe schön", ["german"]],
  ["GRÖSSE", ["german"]],
  ["gro\u0308\u00dfe", ["german"]],
  ["Donaudampfschiff", ["german"]],
  ["日本語", ["japanese"]],
  ["本語の文", ["japanese"]],
  ["検索", ["japanese"]],
  ["文", ["japanese", "chinese"]],
  ["ストリーミング", ["japanese"]],
  ["リーミン", ["japanese"]],
  ["ｽﾄﾘｰﾐﾝｸﾞ", ["japanese"]],
  ["日本語　検索", ["japanese"]],
  ["中文", ["chinese"]],
  ["全文搜索", ["chinese"]],
  ["ＡＰＩ", ["symbols"]],
  ["quoted", ["symbols"]],
  ["AND", ["symbols"]],
  ["rotfuchs wiki", ["page"]],
  ["celestial", ["sky"]],
  ["ce", ["sky"]],
];

const NEVER_FOUND = [
  "streaming zebra",
  "zebra streaming",
  "日本語 狐",
  "語本日",
  "streaming OR zebra",
  "streaming NOT answer",
  "streaming NEAR answer",
  "NEAR(streaming answer)",
  "folded:streaming",
  "'; DROP TABLE messages; --",
  "hidden page text",
  "secret reasoning",
  "unanswered",
];

/** With the texts that a store may find in it when punctuation parts words there. */
const LIKE_SYNTAX: [string, string[]][] = [
  ["strea*", ["english"]],
  ["-streaming", ["english"]],
  ["^streaming", ["english"]],
  ["\0streaming\0", ["english"]],
  ['"streaming" "answer"', ["english"]],
  ['"quoted', ["symbols"]],
  ["snake_case", ["symbols"]],
  ["c++", ["symbols", "sky"]],
  ["100%", ["symbols"]],
  ["%", ["symbols"]],
  ["_", ["symbols"]],
  ['"', ["symbols"]],
  ["🦊", ["symbols"]],
  ["*", []],
  ["(", []],
  ["\\", []],
  ["\0", []],
  ["\ud83d", []],
];
