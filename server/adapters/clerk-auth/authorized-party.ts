/** Whether an origin is one of the parties; `moz-extension://*` among them stands for an extension in any Firefox. */
export function authorizedParty(parties: readonly string[]): (azp: string) => boolean {
  const known = new Set(parties);
  return (azp) => azp !== ANY_FIREFOX && (known.has(azp) || (known.has(ANY_FIREFOX) && FIREFOX.test(azp)));
}

const ANY_FIREFOX = "moz-extension://*";

/** Each install makes a UUID of its own, so no list can name them. */
const FIREFOX = /^moz-extension:\/\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
