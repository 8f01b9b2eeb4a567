/** The six digits of a code, from whatever was pasted: spaces, a dash, the line of the mail around it. */
export function digitsOf(typed: string): string {
  const whole = /(?<!\d)\d{3}[ -]?\d{3}(?!\d)/.exec(typed)?.[0] ?? typed;
  return whole.replaceAll(/\D/g, "").slice(0, 6);
}
