import type { Edit } from "../cache/rows.ts";
import type { Conversation } from "../protocol/messages.ts";
import { conversationPatchSchema, settingsPatchSchema } from "../protocol/requests.ts";
import type { PersonSettings } from "../protocol/responses.ts";

/** Pure: one edit in place of two of the same thing. What is newer wins, and nothing comes back after a deletion. */
export function mergeEdits(before: Edit | undefined, next: Edit): Edit {
  if (!before || next.kind === "delete") return next;
  if (before.kind === "patch" && next.kind === "patch") {
    const patch = conversationPatchSchema.parse({ ...before.patch, ...definedOf(next.patch) });
    const marks = [before.patch.readUpTo ?? "", patch.readUpTo ?? ""].toSorted();
    return { ...next, patch: { ...patch, readUpTo: marks[1] || undefined } };
  }
  if (before.kind === "settings" && next.kind === "settings") {
    return { ...next, patch: settingsPatchSchema.parse({ ...before.patch, ...definedOf(next.patch) }) };
  }
  return before;
}

/** Pure: what is left of an edit when the server has taken `sent`, an earlier form of it. */
export function restOf(edit: Edit | undefined, sent: Edit): Edit | undefined {
  if (!edit || edit === sent) return undefined;
  if (edit.kind === "patch" && sent.kind === "patch") {
    const patch = conversationPatchSchema.safeParse(changedOf(edit.patch, sent.patch)).data;
    return patch && { ...edit, patch };
  }
  if (edit.kind === "settings" && sent.kind === "settings") {
    const patch = settingsPatchSchema.safeParse(changedOf(edit.patch, sent.patch)).data;
    return patch && { ...edit, patch };
  }
  return edit;
}

/** Pure: a row of the server with an edit on top; undefined when that deletes it. */
export function withEdit(row: Conversation | undefined, edit: Edit | undefined): Conversation | undefined {
  if (!row || edit?.kind === "delete") return undefined;
  if (edit?.kind !== "patch") return row;
  const { title = row.title, pinned = row.pinned, archived = row.archived, readUpTo } = edit.patch;
  return { ...row, title, pinned, archived, unread: row.unread && readUpTo === undefined };
}

/** Pure: the settings of the server with an edit on top. */
export function withSettingsEdit(settings: PersonSettings, edit: Edit | undefined): PersonSettings {
  if (edit?.kind !== "settings" || edit.patch.model === undefined) return settings;
  const { model: _, ...others } = settings;
  return edit.patch.model === null ? others : { ...others, model: edit.patch.model };
}

function definedOf(patch: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function changedOf(patch: object, sent: object): Record<string, unknown> {
  const before = new Map(Object.entries(sent));
  return Object.fromEntries(Object.entries(definedOf(patch)).filter(([key, value]) => before.get(key) !== value));
}
