import type { ConversationPatch } from "../protocol/requests.ts";

/** Whether the person would miss this change if it were lost: all but a read mark. */
export function isOfPerson({ readUpTo: _, ...patch }: ConversationPatch): boolean {
  return Object.values(patch).some((value) => value !== undefined);
}
