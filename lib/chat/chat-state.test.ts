import { describe, expect, it } from "vitest";
import type { KeeperChange } from "../messaging/keeper-state.ts";
import { applyPush, EMPTY_CHAT, withOpened } from "./chat-state.ts";

const SHOWN = "01900000-0000-7000-8000-000000000001";
const OTHER = "01900000-0000-7000-8000-000000000002";
const open = { status: "open" as const, conversationId: SHOWN, messages: {}, older: "idle" as const, choices: {} };
const shown = withOpened(
  { ...EMPTY_CHAT, view: open },
  { conversationId: SHOWN, messages: [], before: undefined, draft: "" },
);
const deleted = (id: string): KeeperChange => ({ type: "conversation-deleted", id });
const loss: KeeperChange = { type: "loss", loss: { id: OTHER, title: "Tides", what: "edit" } };

describe("a deletion elsewhere", () => {
  it.each<[string, KeeperChange[], string, string | undefined]>([
    ["of the shown conversation is told", [deleted(SHOWN)], "new", "This conversation was deleted."],
    ["is told once, by the loss that comes with it", [loss, deleted(SHOWN)], "new", undefined],
    ["is told once, in whichever order they come", [deleted(SHOWN), loss], "new", undefined],
    ["of another conversation changes nothing here", [deleted(OTHER)], "open", undefined],
  ])("%s", (_, changes, status, notice) => {
    const after = applyPush(shown, { type: "batch", changes });
    expect({ status: after.view.status, notice: after.notice }).toEqual({ status, notice });
  });
});
