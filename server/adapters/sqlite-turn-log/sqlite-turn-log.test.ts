import { cpSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeTurnLog } from "../../ports/turn-log.contract.ts";
import type { TurnLog } from "../../ports/turn-log.ts";
import { createSqliteTurnLog } from "./index.ts";

describeTurnLog("SQLite", async ({ now }) => {
  const folder = await mkdtemp(join(tmpdir(), "turn-log-"));
  const logs: TurnLog[] = [];
  const open = (life: number) => {
    const log = createSqliteTurnLog({ path: join(folder, `${life}`, "turns.db"), now, onError: () => undefined });
    logs.push(log);
    return log;
  };
  await mkdir(join(folder, "0"));
  return {
    log: open(0),
    // The files as they stand are what a killed process leaves; copied in one step, while the old log cannot write.
    reopen: async () => {
      const life = logs.length;
      cpSync(join(folder, `${life - 1}`), join(folder, `${life}`), { recursive: true });
      return open(life);
    },
    remove: async () => {
      for (const log of logs) await log.close();
      await rm(folder, { recursive: true });
    },
  };
});
