import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { apiCall } from "../fixtures/api-call.ts";
import { type ConvexDeployment, startConvexDeployment } from "../fixtures/convex-deployment/index.ts";
import { spawnServer } from "../fixtures/server-process.ts";
import { modules, schema } from "../fixtures/sidestream-functions.ts";
import { temporaryDirectory } from "../fixtures/temporary-directory.ts";

const WRONG_KEY = "prod:wrong-animal-123|this-is-a-secret-too";
const TOKEN = "a-token-of-the-convex-start-tests-12345678";

let convex: ConvexDeployment;
let empty: ConvexDeployment;
beforeAll(async () => {
  convex = await startConvexDeployment({ schema, modules });
  const { "convex/_generated/api.js": generated } = modules;
  empty = await startConvexDeployment({ schema, modules: { "convex/_generated/api.js": generated } });
});
afterAll(() => Promise.all([convex.stop(), empty.stop()]));

async function start(env: Record<string, string>) {
  const DATA_DIR = await temporaryDirectory();
  const { url: CONVEX_URL, adminKey: CONVEX_DEPLOY_KEY } = convex;
  return spawnServer({ DATA_DIR, LOCAL_TOKEN: TOKEN, CONVEX_URL, CONVEX_DEPLOY_KEY, ...env }, DATA_DIR);
}

describe("a server with Convex", () => {
  it("starts, keeps its history there and prints nothing secret", async () => {
    const server = await start({});
    const url = await server.url;
    expect((await apiCall(`${url}/ready`)).status).toBe(200);
    const settings = { token: TOKEN, method: "PATCH", body: { model: "vendor/one" } };
    expect((await apiCall(`${url}/api/settings`, settings)).status).toBe(200);
    expect(convex.counts.of("people:patchSettings").succeeded).toBe(1);
    server.child.kill("SIGTERM");
    const { code, stdout, stderr } = await server.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain(convex.adminKey);
  });

  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      "the deploy key is another deployment's",
      () => ({ CONVEX_DEPLOY_KEY: WRONG_KEY }),
      /^Sidestream could not start: Convex refuses CONVEX_DEPLOY_KEY: [^\n]+\n$/,
    ],
    [
      "our functions are not there",
      () => ({ CONVEX_URL: empty.url, CONVEX_DEPLOY_KEY: empty.adminKey }),
      /^Sidestream could not start: [^\n]+run `npx convex deploy` and start again\.\n$/,
    ],
    [
      "the key is missing",
      () => ({ CONVEX_DEPLOY_KEY: "" }),
      /^The configuration is wrong:\n {2}CONVEX_DEPLOY_KEY: is missing beside CONVEX_URL; [^\n]+\n$/,
    ],
    [
      "the address is none",
      () => ({ CONVEX_URL: "prod:wrong-animal-123" }),
      /^The configuration is wrong:\n {2}CONVEX_URL: must be the https address [^\n]+\n$/,
    ],
  ])("does not start when %s, and says what to do", async (_, env, words) => {
    const { code, stdout, stderr } = await (await start(env())).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/secret|0123456789abcdef/);
  });

  it("starts while Convex cannot be reached, says so once, is not ready, and is when Convex is back", async () => {
    await convex.goDown();
    const server = await start({});
    const url = await server.url;
    expect((await apiCall(`${url}/health`)).status).toBe(200);
    expect(await apiCall(`${url}/ready`)).toMatchObject({ status: 503 });
    expect(await apiCall(`${url}/api/conversations`, { token: TOKEN })).toMatchObject({ status: 503 });
    await vi.waitFor(() => convex.comeBack(), { timeout: 30_000 });
    await expect.poll(async () => (await apiCall(`${url}/ready`)).status).toBe(200);
    expect((await apiCall(`${url}/api/conversations`, { token: TOKEN })).status).toBe(200);
    server.child.kill("SIGTERM");
    const { code, stdout, stderr } = await server.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const warnings = stdout.split("\n").filter((line) => line.includes("Convex cannot be reached yet"));
    expect(warnings).toEqual([expect.stringContaining("ECONNREFUSED")]);
    expect(stdout).not.toContain(convex.adminKey);
  });
});
