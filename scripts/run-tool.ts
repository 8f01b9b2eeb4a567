import { spawn } from "node:child_process";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

type ToolOptions = {
  quiet?: boolean;
  /** Added to our own environment. */
  env?: Readonly<Record<string, string>>;
};

/**
 * Starts a program file of an installed package under this Node; resolves with its exit code. It ends when we do. A
 * `quiet` one is heard only when it fails.
 */
export function runTool(
  program: string,
  args: readonly string[],
  { quiet = false, env = {} }: ToolOptions = {},
): Promise<number> {
  const child = spawn(process.execPath, [join(ROOT, "node_modules", program), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
  });
  let heard = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      heard += text;
    });
  }
  const endWithUs = () => child.kill();
  process.once("exit", endWithUs);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("exit", endWithUs);
      if (code !== 0) process.stderr.write(heard);
      resolve(code ?? 1);
    });
  });
}
