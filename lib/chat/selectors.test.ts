import { describe, expect, it } from "vitest";
import { EMPTY_KEEPER } from "../messaging/keeper-state.ts";
import { standingOf, unreachable } from "./selectors.ts";

describe("who is missing", () => {
  it.each([
    [{ status: "online" } as const, undefined],
    [{ status: "online", signIn: "unreachable" } as const, "sign-in"],
    [{ status: "reconnecting", retryAt: 1, cause: "sign-in" } as const, "sign-in"],
    [{ status: "reconnecting", retryAt: 1, cause: "server" } as const, "server"],
    [{ status: "connecting" } as const, undefined],
  ])("is told by the connection: %o", (connection, missing) => {
    expect(unreachable({ keeper: { ...EMPTY_KEEPER, connection } })).toBe(missing);
  });

  it("makes a question wait that is being tried again, and no other", () => {
    expect(standingOf({ status: "sending" }, undefined)).toBe("sending");
    expect(standingOf({ status: "sending" }, "sign-in")).toBe("waiting");
    expect(standingOf({ status: "refused" }, "server")).toBe("refused");
    expect(standingOf({ status: "queued" }, "server")).toBe("queued");
  });
});
