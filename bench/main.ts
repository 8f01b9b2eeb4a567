// npm run bench: this server against a raw byte pipe in the same run, medians of three; then the real panel.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as z from "zod";
import { buildExtension } from "../scripts/build.ts";
import { ROOT } from "../scripts/run-tool.ts";
import { measurePanel } from "./panel.ts";
import { hasTaskset } from "./relay.ts";
import { report, runSchema } from "./report.ts";

const runs = await measureRelays();
await buildExtension("production");
process.stderr.write("panel ...\n");
process.exitCode = report(runs, await measurePanel()) ? 0 : 1;

/** In a process of its own, so that it can have a core to itself and the browser both. */
async function measureRelays() {
  const node = [process.execPath, join(ROOT, "bench/relays.ts")];
  const [command = "", ...rest] = hasTaskset() ? ["taskset", "-c", "1", ...node] : node;
  const child = spawn(command, rest, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`the relays could not be measured (exit code ${code}); the reason is above`);
  });
  const [runs] = await Promise.race([once(child, "message"), failed]);
  failed.catch(() => undefined);
  return z.array(runSchema).parse(runs);
}
