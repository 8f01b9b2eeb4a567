/** Whether a text is the origin of a page or of an extension, such as https://example.org: no path, no wildcard. */
export function isOrigin(text: string): boolean {
  return /^[a-z][a-z0-9+-]*:\/\/[^/\s*?#@]+$/.test(text);
}
