import { describe, expect, it } from "vitest";
import { buildConstants, readBuildSettings } from "./build-settings.ts";
import { extensionManifest } from "./manifest.ts";

const KEY = `pk_test_${btoa("clerk.sidestream.example:8443$")}`;
const OWN = ["http://127.0.0.1/*", "http://localhost/*"];

describe("what the environment decides of a build", () => {
  it.each([[{}], [{ WXT_CLERK_PUBLISHABLE_KEY: "", WXT_SERVER_URL: "" }], [{ WXT_CLERK_PUBLISHABLE_KEY: "none" }]])(
    "is nothing by itself: %j",
    (env) => {
      const settings = readBuildSettings(env);
      expect(settings).toEqual({ hasGoogle: false });
      expect(buildConstants(settings)["import.meta.env.WXT_CLERK_PUBLISHABLE_KEY"]).toBe('""');
      expect(manifestOf(env)).toMatchObject({ host_permissions: OWN });
      expect(manifestOf(env).permissions).not.toContain("identity");
    },
  );

  it("opens the hosts of Clerk and of the server to the background, and Google's window", () => {
    const env = {
      WXT_CLERK_PUBLISHABLE_KEY: KEY,
      WXT_SERVER_URL: "https://home.sidestream.example:8787/path",
      WXT_GOOGLE_SIGN_IN: "true",
    };
    expect(readBuildSettings(env)).toMatchObject({ serverOrigin: "https://home.sidestream.example:8787" });
    expect(manifestOf(env).host_permissions).toEqual([
      ...OWN,
      "https://home.sidestream.example/*",
      "https://clerk.sidestream.example/*",
    ]);
    expect(manifestOf(env).permissions).toContain("identity");
  });

  it.each([
    [{ WXT_CLERK_PUBLISHABLE_KEY: "sk_test_secret" }, /is not a publishable key/],
    [{ WXT_SERVER_URL: "home.sidestream.example" }, /WXT_SERVER_URL is not the address/],
    [{ WXT_CLERK_PUBLISHABLE_KEY: KEY, WXT_SERVER_URL: "http://home.sidestream.example" }, /must be an https: address/],
    [{ WXT_GOOGLE_SIGN_IN: "true" }, /needs WXT_CLERK_PUBLISHABLE_KEY/],
  ])("stops a build that could not work: %j", (env, words) => {
    expect(() => readBuildSettings(env)).toThrow(words);
  });
});

function manifestOf(env: Record<string, string>) {
  return extensionManifest({ browser: "chrome", mode: "production" }, readBuildSettings(env));
}
