import { describe, expect, it, vi } from "vitest";
import { type CreateClient, createApiClient } from "../api/client.ts";
import { type AuthKind, checkServer } from "./check-server.ts";

describe("the address of a server for accounts", () => {
  it.each([
    "http://sidestream.example",
    "http://192.168.1.20:8787",
    "http://127.0.0.1.sidestream.example",
    "http://localhost.sidestream.example:8787",
    "http://0.0.0.0:8787",
    "ftp://localhost",
  ])("is not %s, which is not even asked, because the person's token would go there", async (serverUrl) => {
    const { fetch, fault } = check(serverUrl, "clerk");
    expect(await fault).toMatch(/https:/);
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each([
    "https://sidestream.example:8443",
    "http://127.0.0.1:8787",
    "http://127.1:8787",
    "http://localhost:8787",
    "http://[::1]:8787",
  ])("may be %s", async (serverUrl) => {
    const { fetch, fault } = check(serverUrl, "clerk");
    expect(await fault).toBeUndefined();
    expect(fetch).toHaveBeenCalledOnce();
  });

  it("is of no concern to a build that pairs", async () => {
    expect(await check("http://192.168.1.20:8787", "local").fault).toBeUndefined();
  });
});

/** Asks a server that lets people in as it is wanted. */
function check(serverUrl: string, kind: AuthKind) {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => Response.json({ auth: kind, version: "1", features: [] }));
  const createClient: CreateClient = (access) => createApiClient({ ...access, fetch });
  return { fetch, fault: checkServer(serverUrl, { kind, createClient }) };
}
