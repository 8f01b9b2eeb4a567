import { describe, expect, it } from "vitest";
import { EMPTY_KEEPER } from "../messaging/keeper-state.ts";
import { modelToAsk, standingOf, unreachable } from "./selectors.ts";

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

describe("the model of a question", () => {
  const model = {
    id: "maker/known",
    name: "Known",
    contextLength: 1,
    supports: { tools: true, images: true, reasoning: true },
  };
  const models = { default: model.id, models: [model] };

  it.each([
    ["maker/known", models, "maker/known"],
    // As the composer shows it: the server's default.
    ["maker/gone", models, undefined],
    ["maker/gone", undefined, "maker/gone"],
    [undefined, models, undefined],
  ])("of %s", (chosen, offered, asked) => {
    expect(modelToAsk({ settings: { model: chosen }, models: offered })).toBe(asked);
  });
});
