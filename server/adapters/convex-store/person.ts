import { internal } from "../../../convex/_generated/api.js";
import type { SettingsPatch } from "../../../lib/protocol/requests.ts";
import { type PersonSettings, personSettingsSchema } from "../../../lib/protocol/responses.ts";
import type { Calls } from "./calls.ts";
import type { TellingWrites } from "./telling-writes.ts";

/** What belongs to the person: settings, and the tools that were allowed always. */
export function person({ calls, writes }: { calls: Calls; writes: TellingWrites }) {
  return {
    async settings(userId: string): Promise<PersonSettings> {
      return personSettingsSchema.parse(await calls.query(internal.people.readSettings, { userId }));
    },

    async patchSettings(userId: string, { model }: SettingsPatch): Promise<PersonSettings> {
      const named = model === undefined ? {} : { model: model?.toWellFormed() ?? null };
      const { settings } = await writes.run(
        userId,
        () => calls.mutation(internal.people.patchSettings, { userId, ...named }),
        ({ committed }) => committed,
      );
      return personSettingsSchema.parse(settings);
    },

    async allowedTools(userId: string): Promise<ReadonlySet<string>> {
      return new Set(await calls.query(internal.people.allowedTools, { userId }));
    },

    async allowTool(userId: string, tool: string): Promise<void> {
      await calls.mutation(internal.people.allowTool, { userId, tool });
    },
  };
}
