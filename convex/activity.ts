/** The order of conversations as one string: milliseconds of the last activity, then the id, which orders equal times. */
export function activityOf(at: number, id: string): string {
  return `${String(at).padStart(DIGITS, "0")}.${id}`;
}

/** Milliseconds since 1970. */
export function activityTime(activity: string): number {
  return Number(activity.slice(0, DIGITS));
}

const DIGITS = 15;
