import { describe, expect, it } from "vitest";
import type { ModelMessage } from "../../ports/model.ts";
import { requestBody } from "./request-body.ts";

const tool = { name: "s__t", description: "Does it.", inputSchema: { type: "object", properties: {} } };
const bodyOf = (messages: readonly ModelMessage[], tools = [tool], images = true) =>
  requestBody({ model: "m", messages, tools, images });

const called = (callId: string) => ({ callId, name: "s__t", args: { x: 1 } });

describe("requestBody", () => {
  it("sends text, images and files of a question", () => {
    const content: ModelMessage = {
      role: "user",
      content: [
        { type: "text", text: "Look" },
        { type: "image", mimeType: "image/png", data: "AAAA" },
        { type: "file", name: "a.pdf", mimeType: "application/pdf", data: "BBBB" },
      ],
    };
    expect(bodyOf([{ role: "system", text: "Be brief." }, content])).toMatchObject({
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "Look" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,BBBB" } },
          ],
        },
      ],
      tools: [{ type: "function", function: { name: "s__t", description: "Does it.", parameters: tool.inputSchema } }],
    });
  });

  it.each([
    ["functions.read", "functions_read"],
    ["", "_"],
    ["lire le café", "lire_le_caf_"],
    ["x".repeat(70), "x".repeat(64)],
  ])("sends the call of a name that the model made up (%j) under one that endpoints accept", (name, sent) => {
    const calls = [{ callId: "a", name, args: {} }];
    const body = bodyOf([{ role: "assistant", text: "", calls, continuation: [] }]);
    expect(body).toMatchObject({ messages: [{ tool_calls: [{ function: { name: sent } }] }] });
  });

  it("sends the images of a round behind its last result", () => {
    const calls = ["a", "b"].map((callId) => ({ callId, name: "s__t", args: {} }));
    const messages: ModelMessage[] = [
      { role: "assistant", text: "", calls, continuation: [] },
      { role: "tool", callId: "a", content: [{ type: "image", mimeType: "image/png", data: "AAAA" }] },
      { role: "tool", callId: "b", content: [{ type: "json", json: { n: 1 } }] },
    ];
    expect(bodyOf(messages)).toMatchObject({
      messages: [
        { role: "assistant" },
        { role: "tool", tool_call_id: "a", content: expect.stringContaining("image/png") },
        { role: "tool", tool_call_id: "b", content: '{"n":1}' },
        { role: "user", content: [{ type: "text" }, { type: "image_url" }] },
      ],
    });
    expect(bodyOf(messages, [tool], false)).toMatchObject({
      messages: [
        { role: "assistant" },
        { role: "tool", content: expect.stringContaining("cannot see it") },
        { role: "tool" },
      ],
    });
  });

  it.each([
    [{ a: 1 }, '{"a":1}'],
    ["{half", '{"unparsed":"{half"}'],
    [undefined, "{}"],
  ])("sends the arguments %j as an object", (args, sent) => {
    const messages: ModelMessage[] = [
      { role: "assistant", text: "", calls: [{ callId: "a", name: "s__t", args }], continuation: [] },
    ];
    expect(bodyOf(messages)).toMatchObject({ messages: [{ tool_calls: [{ function: { arguments: sent } }] }] });
  });

  it("tells calls and results as text when no tool is on offer", () => {
    const image = { type: "image" as const, mimeType: "image/png", data: "AAAA" };
    const messages: ModelMessage[] = [
      { role: "assistant", text: "Look.", calls: [called("a"), called("b")], continuation: [{ reasoning: "r" }] },
      { role: "tool", callId: "a", content: [{ type: "text", text: "first" }] },
      { role: "tool", callId: "b", content: [{ type: "json", json: [2] }, image] },
    ];
    const body = bodyOf(messages, []);
    expect(body).not.toHaveProperty("tools");
    expect(body.messages).toEqual([
      { role: "assistant", content: 'Look.\n[Called s__t as a with {"x":1}]\n[Called s__t as b with {"x":1}]' },
      {
        role: "user",
        content: [
          { type: "text", text: "[Result of a]" },
          { type: "text", text: "first" },
          { type: "text", text: "[Result of b]" },
          { type: "text", text: "[2]" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
        ],
      },
    ]);
  });

  it("sends back only what this adapter asked for", () => {
    const messages: ModelMessage[] = [
      {
        role: "assistant",
        text: "x",
        calls: [],
        continuation: [{ reasoning_content: "thought" }, { role: "system" }, 5],
      },
    ];
    expect(bodyOf(messages)).toMatchObject({
      messages: [{ role: "assistant", content: "x", reasoning_content: "thought" }],
    });
  });
});
