import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { Commits } from "./commits.ts";

/** The tools that a person allowed always. They are not history: no change tells of them. */
export function allowedTools(db: DatabaseSync, commits: Commits) {
  const select = db.prepare("SELECT tool FROM allowed_tools WHERE user_id = $userId");
  const insert = db.prepare("INSERT OR IGNORE INTO allowed_tools (user_id, tool) VALUES ($userId, $tool)");

  return {
    list(userId: string): ReadonlySet<string> {
      return new Set(select.all({ userId }).map((row) => toolRow.parse(row).tool));
    },
    allow(userId: string, tool: string): void {
      commits.write(userId, () => insert.run({ userId, tool }));
    },
  };
}

const toolRow = z.object({ tool: z.string() });
