import { describe, expect, it } from "vitest";
import type { TokenVerifier } from "./token-verifier.ts";

export type OpenVerifier = () => Promise<{
  verifier: TokenVerifier;
  /** A token that stands for `userId`. */
  token: string;
  userId: string;
}>;

/** What every adapter of the TokenVerifier port must pass. */
export function describeTokenVerifier(name: string, open: OpenVerifier): void {
  describe(`${name} as a TokenVerifier`, () => {
    it("knows the user of a good token, each time", async () => {
      const { verifier, token, userId } = await open();
      for (let time = 0; time < 2; time += 1) {
        expect(await verifier.verify(token)).toMatchObject({ ok: true, user: { id: userId } });
      }
    });

    it.each<[string, (token: string) => string]>([
      ["nothing", () => ""],
      ["a shorter one", (token) => token.slice(0, -1)],
      ["a longer one", (token) => `${token}x`],
      ["another case", (token) => swapCase(token)],
      ["another last character", (token) => token.slice(0, -1) + (token.endsWith("A") ? "B" : "A")],
      ["spaces around it", (token) => ` ${token} `],
      ["a word", () => "undefined"],
      ["characters that no header can hold", () => "\u0000é漢🧭"],
      ["10 KB of garbage", () => "x.".repeat(5_000)],
    ])("knows nobody by %s, and does not throw", async (_, change) => {
      const { verifier, token } = await open();
      expect(await verifier.verify(change(token))).toMatchObject({ ok: false });
    });

    it("is not confused by many at once", async () => {
      const { verifier, token, userId } = await open();
      const tokens = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? token : `${token}${index}`));
      const verified = await Promise.all(tokens.map((each) => verifier.verify(each)));
      const users = verified.map((each) => (each.ok ? each.user.id : undefined));
      expect(users).toEqual(tokens.map((each) => (each === token ? userId : undefined)));
    });
  });
}

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}
