import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { convexConfigOf } from "./convex-config.ts";

const KEY = "prod:some-animal-123|secret-of-the-deployment";

describe("Convex's variables", () => {
  it.each([
    ["https://some-animal-123.convex.cloud", "https://some-animal-123.convex.cloud"],
    ["https://some-animal-123.convex.cloud/", "https://some-animal-123.convex.cloud"],
    ["http://127.0.0.1:3210", "http://127.0.0.1:3210"],
    ["http://[::1]:3210", "http://[::1]:3210"],
  ])("takes %s", (given, url) => {
    const read = readConfig({ CONVEX_URL: given, CONVEX_DEPLOY_KEY: KEY });
    expect(read.ok && convexConfigOf(read.config)).toEqual({ url, deployKey: KEY });
  });

  it("switches nothing on when neither is there", () => {
    const read = readConfig({});
    expect(read.ok && convexConfigOf(read.config)).toBeUndefined();
  });

  it.each([
    [{ CONVEX_URL: "http://some-animal-123.convex.cloud", CONVEX_DEPLOY_KEY: KEY }, /^CONVEX_URL: must be the https/],
    [{ CONVEX_URL: "https://x.convex.cloud/api", CONVEX_DEPLOY_KEY: KEY }, /^CONVEX_URL: must be/],
    [{ CONVEX_URL: "some-animal-123", CONVEX_DEPLOY_KEY: KEY }, /^CONVEX_URL: must be/],
    [{ CONVEX_URL: "https://x.convex.cloud" }, /^CONVEX_DEPLOY_KEY: is missing/],
    [{ CONVEX_DEPLOY_KEY: KEY }, /^CONVEX_URL: is missing/],
    [
      { CONVEX_URL: "https://x.convex.cloud", CONVEX_DEPLOY_KEY: "two words" },
      /^CONVEX_DEPLOY_KEY: must be of visible/,
    ],
  ])("refuses %j in one line, without the key", (environment, line) => {
    const read = readConfig(environment);
    expect(read).toEqual({ ok: false, faults: [expect.stringMatching(line)] });
    expect(JSON.stringify(read)).not.toContain("secret-of");
  });
});
