import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { SettingsPatch } from "../../../lib/protocol/requests.ts";
import { type PersonSettings, personSettingsSchema } from "../../../lib/protocol/responses.ts";
import type { Commits } from "./commits.ts";

/** The settings of a person: one row with a revision, so that the changes feed tells of it as of any other row. */
export function settings(db: DatabaseSync, commits: Commits) {
  const select = db.prepare("SELECT content FROM settings WHERE user_id = $userId");
  const put = db.prepare(`
    INSERT INTO settings (user_id, content, revision) VALUES ($userId, $content, $revision)
    ON CONFLICT (user_id) DO UPDATE SET content = excluded.content, revision = excluded.revision`);

  const read = (userId: string): PersonSettings => {
    const row = select.get({ userId });
    return row === undefined ? {} : settingsOf(settingsRow.parse(row).content);
  };

  return {
    read,

    patch(userId: string, patch: SettingsPatch): PersonSettings {
      return commits.write(userId, (revise) => {
        const before = read(userId);
        const after = patched(before, patch);
        if (after.model !== before.model) {
          put.run({ userId, content: JSON.stringify(after), revision: revise() });
        }
        return after;
      });
    },
  };
}

/** What is named is set, null takes it back, the rest stays. */
function patched({ model }: PersonSettings, patch: SettingsPatch): PersonSettings {
  const chosen = patch.model === undefined ? model : (patch.model?.toWellFormed() ?? undefined);
  return chosen === undefined ? {} : { model: chosen };
}

function settingsOf(content: string): PersonSettings {
  const made: unknown = JSON.parse(content);
  return personSettingsSchema.parse(made);
}

const settingsRow = z.object({ content: z.string() });
