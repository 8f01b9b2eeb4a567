import type { SettingsStore } from "../settings.ts";
import type { Edits } from "./edits.ts";

export type AdoptModelOptions = {
  settings: Pick<SettingsStore, "read" | "save">;
  edits: Pick<Edits, "keep">;
  /** The model that the person has chosen on any device. */
  chosen(): string | undefined;
};

/**
 * The chosen model was a setting of the device once: it becomes the person's, unless they have chosen one since. Call it
 * when the settings of the server are known.
 */
export async function adoptModel({ settings, edits, chosen }: AdoptModelOptions): Promise<void> {
  const { model } = await settings.read();
  if (model === undefined) return;
  if (chosen() === undefined) await edits.keep({ kind: "settings", key: "settings", patch: { model } });
  await settings.save({ model: undefined });
}
