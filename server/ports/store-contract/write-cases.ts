import type { Store } from "../store.ts";
import { ALICE, answerOf, haveConversation, turnAfter, turnOf } from "./samples.ts";

/** One write on a store that was prepared for it, and what is seen of it. */
export type WriteCase = {
  name: string;
  prepare(store: Store): Promise<() => Promise<unknown>>;
  /** What the write answers, when that is always the same. */
  answers?: unknown;
  /** What repeating it answers, when that differs. */
  answersAgain?: unknown;
  /** How many rows (and the settings) the changes tell of it. */
  rows: number;
};

/** The methods of the port that write nothing. */
export type ReadMethod =
  | "checkTurn"
  | "path"
  | "listConversations"
  | "listMessages"
  | "hasConversation"
  | "changes"
  | "cursor"
  | "watch"
  | "search"
  | "allowedTools"
  | "settings"
  | "check"
  | "close";
type WriteMethod = Exclude<keyof Store, ReadMethod>;

/** Each method that writes. A new method of the port is missing here until it is filed as a read or has its cases. */
const CASES: Record<WriteMethod, Omit<WriteCase, "name">[]> = {
  openTurn: [
    {
      rows: 3,
      prepare: async (store) => {
        const turn = turnOf();
        return () => store.openTurn(ALICE, turn);
      },
    },
    {
      rows: 3,
      prepare: async (store) => {
        const turn = turnAfter(await answered(store));
        return () => store.openTurn(ALICE, turn);
      },
    },
  ],
  saveAnswer: (["streaming", "complete", "stopped", "failed", "interrupted"] as const).map((status) => ({
    rows: status === "streaming" ? 1 : 2,
    prepare: async (store: Store) => {
      const turn = turnOf();
      await store.openTurn(ALICE, turn);
      return () => store.saveAnswer(ALICE, answerOf(turn, "Saved once.", { status }));
    },
  })),
  patchConversation: [
    {
      rows: 1,
      prepare: async (store) => {
        const { conversationId } = await answered(store);
        return () => store.patchConversation(ALICE, conversationId, { title: "Renamed", pinned: true });
      },
    },
    {
      rows: 1,
      prepare: async (store) => {
        const { conversationId, assistantMessageId } = await answered(store);
        return () => store.patchConversation(ALICE, conversationId, { readUpTo: assistantMessageId });
      },
    },
  ],
  deleteConversation: [
    {
      rows: 1,
      answers: true,
      answersAgain: false,
      prepare: async (store) => {
        const { conversationId } = await answered(store);
        return () => store.deleteConversation(ALICE, conversationId);
      },
    },
  ],
  allowTool: [{ rows: 0, prepare: async (store) => () => store.allowTool(ALICE, "files__write") }],
  patchSettings: [
    {
      rows: 1,
      answers: { model: "vendor/one" },
      prepare: async (store) => () => store.patchSettings(ALICE, { model: "vendor/one" }),
    },
    {
      rows: 1,
      answers: {},
      prepare: async (store) => {
        await store.patchSettings(ALICE, { model: "vendor/one" });
        return () => store.patchSettings(ALICE, { model: null });
      },
    },
  ],
};

export const WRITE_CASES: WriteCase[] = Object.entries(CASES).flatMap(([method, cases]) =>
  cases.map((each, index) => ({ name: `${method} ${index + 1}`, ...each })),
);

async function answered(store: Store) {
  const [turn] = await haveConversation(store, ALICE, 1);
  if (turn === undefined) throw new Error("no turn was made");
  return turn;
}
