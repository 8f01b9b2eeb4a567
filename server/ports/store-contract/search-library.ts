import type { QuestionPart } from "../../../lib/protocol/messages.ts";
import type { OpenTurn, Store } from "../store.ts";
import { ALICE, answerOf, newId, turnOf } from "./samples.ts";

/** Writes the library: each text as an answer. Returns the names of the messages by id. */
export async function fillLibrary(store: Store): Promise<Map<string, string>> {
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

/** The names of what a query finds, in the order of the alphabet. */
export async function namesFound(store: Store, library: Map<string, string>, q: string): Promise<string[]> {
  const hits = await store.search(ALICE, { q, limit: 50 });
  return hits.map((hit) => library.get(hit.messageId) ?? "unknown").sort();
}

/** Answers by name. */
const LIBRARY: Record<string, string> = {
  english: "A streaming answer is shown in the panel.",
  german: "Die Donaudampfschifffahrtsstraße hat eine schöne Größe.",
  japanese: "これは日本語の文章です。全文検索とストリーミングを試します。",
  chinese: "这是一段中文文本，用于全文搜索。",
  symbols: 'C++ at 100% of snake_case, "quoted" and the API 🦊',
};
