import { expect, it } from "vitest";
import { faultText } from "./fault-text.ts";
import type { StdioServer } from "./mcp-config.ts";

const child: StdioServer = {
  kind: "stdio",
  name: "child",
  command: "serve",
  args: [],
  cwd: undefined,
  env: {},
  secrets: ["s3cret"],
};

it.each([
  ["EPIPE", "The server's process has ended."],
  ["ECONNRESET", "The server's process has ended."],
  ["EACCES", "The command serve may not be run. Check its permissions."],
  ["EIO", "write EIO with [hidden]"],
])("tells %s in words that help", (code, text) => {
  expect(faultText(child, Object.assign(new Error(`write ${code} with s3cret`), { code }))).toBe(text);
});
