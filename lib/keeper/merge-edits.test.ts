import { v7 } from "uuid";
import { describe, expect, it } from "vitest";
import type { Edit } from "../cache/rows.ts";
import type { ConversationPatch } from "../protocol/requests.ts";
import { mergeEdits, restOf, withEdit, withSettingsEdit } from "./merge-edits.ts";

const key = v7();
const [earlier, later] = [v7(), v7()].toSorted();
const gone: Edit = { kind: "delete", key };
const row = { title: "Theirs", pinned: false, archived: false, unread: true, createdAt: "", updatedAt: "", id: key };

describe("two edits of one conversation", () => {
  it.each<[string, ConversationPatch, ConversationPatch, ConversationPatch]>([
    ["a newer title", { title: "a", pinned: true }, { title: "b" }, { title: "b", pinned: true }],
    ["another field", { title: "a" }, { archived: true }, { title: "a", archived: true }],
    ["a later mark", { readUpTo: earlier }, { readUpTo: later }, { readUpTo: later }],
    ["an earlier mark", { readUpTo: later }, { readUpTo: earlier }, { readUpTo: later }],
    ["what is named and not set", { title: "a" }, { title: undefined, pinned: false }, { title: "a", pinned: false }],
  ])("are one: %s", (_, before, next, merged) => {
    expect(mergeEdits(patch(before), patch(next))).toEqual(patch(merged));
  });

  it("are a deletion when one of them is", () => {
    expect(mergeEdits(patch({ title: "a" }), gone)).toBe(gone);
    expect(mergeEdits(gone, patch({ title: "a" }))).toBe(gone);
  });
});

it("leaves of an edit what was changed while an earlier form of it was sent", () => {
  const sent = patch({ title: "a", pinned: true });
  expect(restOf(sent, sent)).toBeUndefined();
  expect(restOf(patch({ title: "b", pinned: true }), sent)).toEqual(patch({ title: "b" }));
  expect(restOf(patch({ title: "a", pinned: true }), sent)).toBeUndefined();
  expect(restOf(gone, sent)).toBe(gone);
});

it("lays an edit over the server's row", () => {
  expect(withEdit(row, patch({ title: "Mine" }))).toEqual({ ...row, title: "Mine" });
  expect(withEdit(row, patch({ readUpTo: later }))).toEqual({ ...row, unread: false });
  expect(withEdit(row, gone)).toBeUndefined();
  expect(withEdit(undefined, patch({ title: "Mine" }))).toBeUndefined();
});

it("lays an edit over the settings, null taking one back", () => {
  const edit = (model: string | null): Edit => ({ kind: "settings", key: "settings", patch: { model } });
  expect(withSettingsEdit({}, edit("m"))).toEqual({ model: "m" });
  expect(withSettingsEdit({ model: "m" }, edit(null))).toEqual({});
});

function patch(change: ConversationPatch): Edit {
  return { kind: "patch", key, patch: change };
}
