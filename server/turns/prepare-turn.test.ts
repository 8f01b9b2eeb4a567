import { expect, it, vi } from "vitest";
import { ApiError } from "../../lib/protocol/errors.ts";
import type { Store } from "../ports/store.ts";
import { createApprovals } from "./approvals.ts";
import { prepareTurn } from "./prepare-turn.ts";

it("asks the person about a tool while it cannot be known whether it is allowed", async () => {
  const allowedTools = vi.fn<Store["allowedTools"]>(async () => new Set(["files__write"]));
  const { callTools } = await prepare({ allowedTools });
  expect(await callTools.isAllowed("files__write")).toBe(true);
  expect(await callTools.isAllowed("files__delete")).toBe(false);
  allowedTools.mockRejectedValue(new ApiError("unavailable", "The history cannot be reached right now."));
  expect(await callTools.isAllowed("files__write")).toBe(false);
});

it("offers only the tools of the servers that were chosen, and none to a model without tools", async () => {
  expect((await prepare({})).tools.map(({ name }) => name)).toEqual(["files__write", "web__search"]);
  expect((await prepare({ servers: ["web"] })).tools.map(({ name }) => name)).toEqual(["web__search"]);
  expect((await prepare({ servers: [] })).tools).toEqual([]);
  expect((await prepare({ tools: false })).tools).toEqual([]);
});

it("waits for the question to be saved, and fails when that failed", async () => {
  const opened = Promise.reject(new Error("the conversation was deleted"));
  await expect(prepare({ opened })).rejects.toThrow("deleted");
});

function prepare(options: {
  allowedTools?: Store["allowedTools"];
  servers?: string[];
  tools?: boolean;
  opened?: Promise<void>;
}) {
  const { allowedTools = async () => new Set<string>(), servers, tools = true, opened = Promise.resolve() } = options;
  const claim = {
    turnId: "turn",
    userId: "user",
    conversationId: "conversation",
    parentId: null,
    userMessageId: "question",
    assistantMessageId: "answer",
    question: [],
    title: "?",
    createdAt: "2026-01-01T00:00:00.000Z",
  };
  const model = { id: "m", name: "M", contextLength: 1, supports: { tools, images: false, reasoning: false } };
  const tool = (name: string) => ({ name, title: name, description: "", inputSchema: {}, readOnly: false });
  return prepareTurn(
    { claim, model, servers, approvals: createApprovals(), opened },
    {
      store: { allowedTools, path: async () => [] },
      model: { stream: vi.fn() },
      toolbox: {
        servers: () => [
          { name: "files", status: "ready", tools: [tool("write")] },
          { name: "web", status: "ready", tools: [tool("search")] },
          { name: "down", status: "failed", tools: [tool("nothing")] },
        ],
        call: vi.fn(),
        close: vi.fn(),
      },
      logger: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
      limits: { maxToolRounds: 1, approvalTimeoutMs: 1 },
    },
    new AbortController().signal,
  );
}
