import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiCall } from "../fixtures/api-call.ts";
import { type KeyServer, startKeyServer } from "../fixtures/clerk-issuer.ts";
import { type ClerkRig, startClerkRig } from "../fixtures/clerk-server.ts";
import { spawnServer } from "../fixtures/server-process.ts";
import { temporaryDirectory } from "../fixtures/temporary-directory.ts";

let rig: ClerkRig;
let strange: KeyServer;
beforeAll(async () => {
  rig = await startClerkRig();
  strange = await startKeyServer();
});
afterAll(() => {
  rig.keyServer.close();
  strange.close();
});

/** Starts with this over a good configuration; "" unsets. */
async function start(env: Record<string, string>) {
  const cwd = await temporaryDirectory();
  return spawnServer({ ...rig.env, ...env, DATA_DIR: `${cwd}/data` }, cwd);
}

async function failure(env: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await (await start(env)).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  return stderr;
}

describe("a server with Clerk", () => {
  it("starts, says how one signs in, and shows no pairing code", async () => {
    const server = await start({});
    const url = await server.url;
    expect((await apiCall(`${url}/api/session`, { token: await rig.token() })).status).toBe(200);
    server.child.kill("SIGTERM");
    const { code, stdout } = await server.ended;
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toBe(`Sidestream is at ${url} · sign-in with Clerk (${rig.env.CLERK_ISSUER})`);
    expect(stdout).not.toContain("pairing");
  });

  it("does not start with a wrong configuration, and says all that is wrong with it", async () => {
    const env = { CLERK_ISSUER: "", CLERK_JWKS_URL: "", CLERK_JWT_KEY: "x", CLERK_AUTHORIZED_PARTIES: "" };
    const stderr = await failure({ ...env, LOCAL_TOKEN: "x".repeat(32) });
    expect(stderr.split("\n")).toEqual([
      "The configuration is wrong:",
      expect.stringMatching(/^ {2}CLERK_JWT_KEY: is not a public key in PEM/),
      expect.stringMatching(/^ {2}CLERK_ISSUER: is missing/),
      expect.stringMatching(/^ {2}CLERK_AUTHORIZED_PARTIES: is missing/),
      expect.stringMatching(/^ {2}LOCAL_TOKEN: does not go together with Clerk/),
      "",
    ]);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ["an empty key set", (response) => response.end('{"keys":[]}'), /has no RSA key for signatures with RS256$/],
    ["nothing", () => undefined, /: it did not answer within 3 s$/],
  ])("does not start when the address of its keys answers with %s", async (_, answer, words) => {
    strange.serve(answer);
    const line = (await failure({ CLERK_JWKS_URL: strange.url })).trimEnd();
    expect(line).toMatch(/^Sidestream could not start: CLERK_JWKS_URL: [^\n]+$/);
    expect(line).toMatch(words);
    expect(line).toContain(strange.url);
  });

  it("does not start when nothing is at the address of its keys", async () => {
    const gone = await startKeyServer();
    gone.close();
    expect(await failure({ CLERK_JWKS_URL: gone.url })).toMatch(
      /^Sidestream could not start: CLERK_JWKS_URL: no keys could be fetched from http:\S+: .*ECONNREFUSED.*\n$/,
    );
  });
});
