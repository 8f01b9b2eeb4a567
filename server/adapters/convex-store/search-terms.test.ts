import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldText } from "../../ports/found-text/fold-text.ts";
import { queryWords } from "../../ports/found-text/query-words.ts";
import { indexTerms, queryTerms } from "./search-terms.ts";

describe("indexTerms", () => {
  it.each([
    ["Hello, wide WORLD — hello!", "hello q2cq wide world q2014q q21q"],
    ["日本語", "日 本 語 日本 本語"],
    ["第3章: snake_case", "第 3 章 q3aq snake q5fq case"],
    ["ストリーミング", "ス ト リ ー ミ ン グ スト トリ リー ーミ ミン ング"],
    ["C++ 🦊", "c q2bq q1f98aq"],
    ["Größe ＡＰＩ", "grösse api"],
    ["สวัสดี", "ส ว ด สว วส สด"],
    ["한국어 검색", "한국어 검색"],
    ["Donaudampfschifffahrtsgesellschaftskapitän", "donaudampfschifffahrtsgesellsc"],
    ["", ""],
    [" \0\n", ""],
  ])("of %j are %j", (text, terms) => {
    expect(indexTerms(text)).toBe(terms);
  });

  it("are runs of letters and digits that Convex's index takes, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        for (const term of indexTerms(text).split(" ").filter(Boolean)) {
          expect(term).toMatch(/^[\p{L}\p{N}]+$/u);
          expect(Buffer.byteLength(term)).toBeLessThanOrEqual(32);
        }
      }),
    );
  });
});

describe("queryTerms", () => {
  it.each([
    ["streaming answ", "streaming answ"],
    ["本語の文", "本語 語の の文"],
    ["文", "文"],
    ["c++ strea", "c q2bq strea"],
    ["%", "q25q"],
    ["a b c d e f g h i j k l m n o p q r s", "d e f g h i j k l m n o p q r s"],
  ])("of %j are %j", (query, terms) => {
    expect(queryTerms(queryWords(query))).toBe(terms);
  });

  it("are all among the terms of a text in which the query stands between spaces", () => {
    const texts = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(texts, fc.nat(), (words, pick) => {
        const word = words[pick % words.length] ?? "";
        const known = new Set(indexTerms(words.join(" ")).split(" "));
        const asked = queryTerms(queryWords(word)).split(" ").filter(Boolean);
        expect(asked.filter((term) => !known.has(term))).toEqual([]);
      }),
    );
  });

  it("are all among the terms of a text without spaces, from wherever in it the query was taken", () => {
    const text = fc.string({
      unit: fc.constantFrom(..."日本語の文章ストリーミング全搜索中国"),
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, fc.nat(39), fc.integer({ min: 1, max: 12 }), (whole, at, length) => {
        const query = whole.slice(at % whole.length, (at % whole.length) + length);
        const known = new Set(indexTerms(whole).split(" "));
        expect(
          queryTerms([foldText(query)])
            .split(" ")
            .every((term) => known.has(term)),
        ).toBe(true);
      }),
    );
  });
});
