/**
 * Whether a person's session token may go to this address: over TLS, or to this very machine. Anything else would show it
 * to everybody on the way, who could then be that person.
 */
export function mayGetToken(serverUrl: string): boolean {
  const url = URL.parse(serverUrl);
  return url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
}

/** Hosts as URL writes them, which makes `127.0.0.1` of every other way to write it. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
