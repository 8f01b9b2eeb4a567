import { randomBytes } from "node:crypto";

/** 32 characters that nobody confuses when reading them aloud: no 0 and O, no 1 and I. */
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** A new code such as `7KQ2-MX4R`: 40 random bits, enough against five tries a minute. */
export function createPairingCode(): string {
  const letters = [...randomBytes(8)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
}

/** The code without what people add or change when they type it: dashes, spaces, small letters. */
export function normalizePairingCode(code: string): string {
  return code.replace(/[\s-]/g, "").toUpperCase();
}
