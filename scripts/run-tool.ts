import { spawn } from "node:child_process";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

/** Starts a program file of an installed package under this Node; resolves with its exit code. It ends when we do. */
export function runTool(program: string, args: readonly string[], { quiet = false } = {}): Promise<number> {
  const stdio = quiet ? "ignore" : "inherit";
  const child = spawn(process.execPath, [join(ROOT, "node_modules", program), ...args], {
    cwd: ROOT,
    stdio: ["ignore", stdio, "inherit"],
  });
  const endWithUs = () => child.kill();
  process.once("exit", endWithUs);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      process.off("exit", endWithUs);
      resolve(code ?? 1);
    });
  });
}
