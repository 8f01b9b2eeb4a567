import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../../tests/fixtures/temporary-directory.ts";
import { type Environment, readMcpConfig } from "./mcp-config.ts";

const ENV: Environment = {
  PATH: "/bin",
  HOME: "/home/me",
  TOKEN: "tok-123456",
  OPENROUTER_API_KEY: "sk-ours",
  EMPTY: "",
};

describe("a good mcp.json", () => {
  it("gives stdio and HTTP servers with their references replaced, and leaves out the disabled", async () => {
    const read = await readText(
      JSON.stringify({
        mcpServers: {
          files: { command: "npx", args: ["-y", "files", ref("HOME")], env: { KEY: ref("TOKEN") }, alwaysAllow: [] },
          gate: {
            type: "http",
            url: "https://gate.test/mcp",
            headers: { Authorization: `Bearer ${ref("env:TOKEN")}` },
          },
          odd_one: { type: "stdio", command: "x", env: { A: ref("NOT_SET:-plan b"), B: ref("EMPTY:-plan c") } },
          off: { disabled: true, command: 7, env: { A: ref("NOT_SET") } },
        },
        inputs: [],
      }),
    );
    expect(read).toEqual({
      ok: true,
      config: {
        servers: [
          {
            kind: "stdio",
            name: "files",
            command: "npx",
            args: ["-y", "files", "/home/me"],
            cwd: undefined,
            env: { PATH: "/bin", HOME: "/home/me", KEY: "tok-123456" },
            secrets: ["tok-123456"],
          },
          {
            kind: "http",
            name: "gate",
            url: "https://gate.test/mcp",
            headers: { Authorization: "Bearer tok-123456" },
            secrets: ["Bearer tok-123456", "tok-123456", "Bearer"],
          },
          {
            kind: "stdio",
            name: "odd_one",
            command: "x",
            args: [],
            cwd: undefined,
            env: { PATH: "/bin", HOME: "/home/me", A: "plan b", B: "plan c" },
            secrets: ["plan b", "plan c"],
          },
        ],
      },
    });
  });
});

describe("a bad mcp.json", () => {
  const entry = (value: unknown, name = "one") => JSON.stringify({ mcpServers: { [name]: value } });

  it.each([
    ["no JSON", '{"mcpServers": {"a": {"env": {"KEY": "s3cret" oops}}}}', "is not valid JSON"],
    ["an empty file", "", "is not valid JSON"],
    ["no mcpServers", '{"servers": {}}', 'must be of the form {"mcpServers"'],
    ["a list of servers", '{"mcpServers": []}', 'must be of the form {"mcpServers"'],
    ["neither command nor url", entry({}), "mcpServers.one needs either a command or a url."],
    ["both", entry({ command: "x", url: "http://x.test" }), "mcpServers.one needs either a command or a url."],
    ["a wrong type", entry({ command: 7 }), "mcpServers.one.command: Invalid input: expected string"],
    ["an entry that is no object", entry("npx server"), "mcpServers.one: Invalid input: expected object"],
    ["a number in env", entry({ command: "x", env: { PORT: 80 } }), "mcpServers.one.env.PORT: Invalid input"],
    [
      "a type that does not fit",
      entry({ type: "http", command: "x" }),
      '.type is "http", but the entry has a command.',
    ],
    ["SSE", entry({ type: "sse", url: "http://x.test" }), '.type "sse" is not supported'],
    ["an unknown type", entry({ type: "pigeon", url: "http://x.test" }), "mcpServers.one.type: Invalid option"],
    ["an unset variable", entry({ command: "x", env: { K: ref("NOPE") } }), ".env.K: the variable NOPE is not set."],
    ["another scheme", entry({ url: "file:///etc/passwd" }), ".url must be an address that begins with http://"],
    ["no address", entry({ url: "gate" }), ".url must be an address that begins with http://"],
    ["a password in the url", entry({ url: "https://me:s3cret@x.test" }), ".url holds a password"],
    [
      "a header with a line break",
      entry({ url: "http://x.test", headers: { A: "s3cret\r\nB: c" } }),
      ".headers.A cannot be sent",
    ],
    ["a name with a space", entry({ command: "x" }, "my server"), "a server's name is at most 32"],
    ["a name with __", entry({ command: "x" }, "a__b"), "a server's name is at most 32"],
    ["a name that ends in _", entry({ command: "x" }, "a_"), "a server's name is at most 32"],
    ["a long name", entry({ command: "x" }, "a".repeat(33)), "a server's name is at most 32"],
  ])("is refused with the reason: %s", async (_, text, fault) => {
    const read = await readText(text);
    if (read.ok) throw new Error("it was taken");
    expect(read.faults.join("\n")).toContain(fault);
    expect(read.faults.join("\n")).not.toContain("s3cret");
  });

  it("is told all of its faults at once", async () => {
    const read = await readText(
      JSON.stringify({ mcpServers: { a: {}, b: { command: 1, args: "x" }, c: { command: "x" } } }),
    );
    expect(read.ok ? [] : read.faults).toHaveLength(3);
  });

  it("is named when it is not there", () => {
    const read = readMcpConfig("no/such/mcp.json", ENV);
    expect(read).toEqual({ ok: false, faults: ["no/such/mcp.json cannot be read: there is no such file."] });
  });
});

async function readText(text: string) {
  const path = join(await temporaryDirectory(), "mcp.json");
  await writeFile(path, text);
  return readMcpConfig(path, ENV);
}

/** A reference as it is written in the file. */
function ref(name: string): string {
  return `$${`{${name}}`}`;
}
