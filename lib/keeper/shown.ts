import type { Applied } from "../cache/history.ts";
import type { Edit } from "../cache/rows.ts";
import type { Conversation } from "../protocol/messages.ts";
import type { PersonSettings } from "../protocol/responses.ts";
import type { KeeperStore } from "./keeper-store.ts";
import { mergeEdits, restOf, withEdit, withSettingsEdit } from "./merge-edits.ts";

export type Kept = { conversations: readonly Conversation[]; settings: PersonSettings; edits: readonly Edit[] };

export type Shown = ReturnType<typeof createShown>;

/**
 * What the person sees of history: the server's rows, and on top of them the edits that the server has not taken, and
 * those that it has taken while a pull was on its way, which may bring what was before them. A conversation that is in view is never unread.
 */
export function createShown({ store, isSeen }: { store: KeeperStore; isSeen(conversationId: string): boolean }) {
  const rows = new Map<string, Conversation>();
  const waiting = new Map<string, Edit>();
  const taken = new Map<string, { edit: Edit; at: number }>();
  let settings: PersonSettings = {};
  let takenCount = 0;

  function load(kept: Kept): void {
    for (const row of kept.conversations) rows.set(row.id, row);
    for (const edit of kept.edits) waiting.set(edit.key, edit);
    settings = kept.settings;
  }

  /** The parts of the keeper's state that are told here, as they are now. */
  function state() {
    const all = [...rows.keys()].flatMap((id) => rowOf(id) ?? []);
    const conversations = Object.fromEntries(all.map((row) => [row.id, row]));
    return { conversations, settings: settingsNow(), ...(waiting.size > 0 && { unsentEdits: waiting.size }) };
  }

  function rowOf(id: string): Conversation | undefined {
    const row = withEdit(withEdit(rows.get(id), taken.get(id)?.edit), waiting.get(id));
    return row && { ...row, unread: row.unread && !isSeen(id) };
  }

  function settingsNow(): PersonSettings {
    return withSettingsEdit(withSettingsEdit(settings, taken.get(SETTINGS)?.edit), waiting.get(SETTINGS));
  }

  /** Tells what this key stands for, when it is another than before. */
  function show(key: string): void {
    const { conversations, settings: before, unsentEdits = 0 } = store.state;
    if (waiting.size !== unsentEdits) store.apply({ type: "unsent-edits", count: waiting.size });
    if (key === SETTINGS) {
      if (!isSame(before, settingsNow())) store.apply({ type: "settings", settings: settingsNow() });
      return;
    }
    const row = rowOf(key);
    if (row && !isSame(row, conversations[key])) store.apply({ type: "conversation", conversation: row });
    if (!row && (key in conversations || isDeleted(key))) store.apply({ type: "conversation-deleted", id: key });
  }

  function isDeleted(id: string): boolean {
    return waiting.get(id)?.kind === "delete" || taken.get(id)?.edit.kind === "delete";
  }

  /** Whether what was pulled has this edit in it. */
  function isIn(edit: Edit): boolean {
    if (edit.kind === "settings") return isSame(settings, withSettingsEdit(settings, edit));
    const row = rows.get(edit.key);
    return edit.kind === "patch" && row !== undefined && isSame(row, withEdit(row, edit));
  }

  return {
    load,
    state,
    show,
    isDeleted,
    /** The server's own row. */
    server: (id: string) => rows.get(id),
    waiting: (key: string) => waiting.get(key),
    keys: () => [...waiting.keys()],
    edits: () => [...waiting.values()],

    /** The newest message up to which the person is known here to have read. */
    readUpTo(id: string): string {
      const edit = waiting.get(id) ?? taken.get(id)?.edit;
      return edit?.kind === "patch" ? (edit.patch.readUpTo ?? "") : "";
    },

    /** Adds an edit to what waits, without showing it yet; the two as one. */
    add(edit: Edit): Edit {
      const merged = mergeEdits(waiting.get(edit.key), edit);
      waiting.set(edit.key, merged);
      return merged;
    },

    /** Puts back what waited before. */
    put(key: string, edit: Edit | undefined): void {
      if (edit) waiting.set(key, edit);
      else waiting.delete(key);
      show(key);
    },

    /** The server has taken an edit, or will never take it; what is left of it. */
    settle(sent: Edit): Edit | undefined {
      const rest = restOf(waiting.get(sent.key), sent);
      if (rest) waiting.set(sent.key, rest);
      else waiting.delete(sent.key);
      return rest;
    },

    /** What the server answered to an edit is newer than all that was pulled and will be. */
    become({ key, kind }: Edit, { row, settings: next }: { row?: Conversation; settings?: PersonSettings }): void {
      if (kind === "delete") rows.delete(key);
      if (row) rows.set(key, row);
      if (next) settings = next;
      show(key);
    },

    /** The server has taken an edit, and what was pulled meanwhile may be older: the edit stays on top until it is not. */
    hold(sent: Edit): void {
      const { key } = sent;
      if (sent.kind === "delete") rows.delete(key);
      if (!isIn(sent)) {
        takenCount += 1;
        taken.set(key, { edit: mergeEdits(taken.get(key)?.edit, sent), at: takenCount });
      }
      show(key);
    },

    /** Whether a pull is needed to know what became of the edits that the server has taken. */
    isHolding: () => taken.size > 0,

    /** How many edits were held; a pull that begins now brings what became of them. */
    mark: () => takenCount,

    /** A page is in the cache; `upTo`: it is the last one of a pull that began at this mark. */
    apply(applied: Applied, upTo: number | undefined): void {
      const keys = new Set([...applied.conversations.map(({ id }) => id), ...applied.deleted, SETTINGS]);
      for (const row of applied.conversations) rows.set(row.id, row);
      for (const id of applied.deleted) {
        rows.delete(id);
        waiting.delete(id);
        taken.delete(id);
      }
      settings = applied.settings ?? settings;
      for (const [key, { edit, at }] of taken) {
        const isOver = upTo !== undefined && at <= upTo;
        if (!isOver && !(keys.has(key) && isIn(edit))) continue;
        taken.delete(key);
        keys.add(key);
      }
      for (const key of keys) show(key);
    },

    /** The server's history is another one. */
    clear(): void {
      rows.clear();
      taken.clear();
      settings = {};
    },
  };
}

function isSame(one: object, other: object | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The key of the edit of settings. */
export const SETTINGS = "settings";
