/** The code as the server prints it, from whatever was pasted: small letters, spaces, a whole line around it. */
export function formatCode(typed: string): string {
  const printed = /\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b/i.exec(typed)?.[0] ?? typed;
  const letters = printed
    .replace(/[^0-9a-z]/gi, "")
    .toUpperCase()
    .slice(0, 8);
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
}

/** Whether a formatted code is whole. */
export function isCode(code: string): boolean {
  return code.length === 9;
}

/** Whether this can be a server's address. */
export function isServerUrl(address: string): boolean {
  return /^https?:$/.test(URL.parse(address.trim())?.protocol ?? "");
}
