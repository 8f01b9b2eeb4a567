/** Where a link of an answer leads: an address that may be opened on a click, and what to call it. */
type OpenableLink = { href: string; host: string };

/** Reads an address from an answer. Only http, https and mailto may be opened; anything else, relative ones too, may not. */
export function openableLink(address: string): OpenableLink | undefined {
  const url = URL.parse(address);
  if (url === null) return undefined;
  if (url.protocol === "mailto:") return { href: url.href, host: url.pathname };
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  return { href: url.href, host: url.host };
}

/** Whether the words of a link name another host than the one that it leads to. */
export function namesAnotherHost(words: string, { host }: OpenableLink): boolean {
  const named = /^(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(?:[/:?#]|$)/i.exec(words.trim())?.[1];
  if (named === undefined) return false;
  const bare = (name: string) => name.toLowerCase().replace(/^www\./, "");
  return bare(named) !== bare(host.replace(/:\d+$/, ""));
}

/** An image that may be shown after a click, and where it would come from. */
type LoadableImage = { src: string; from: string };

/** Reads the address of an image. Data is taken only of the types that cannot hold scripts. */
export function loadableImage(address: string): LoadableImage | undefined {
  if (/^data:image\/(?:png|jpeg|webp|gif);base64,[a-z0-9+/=]+$/i.test(address))
    return { src: address, from: "the answer" };
  const link = openableLink(address);
  return link === undefined || link.href.startsWith("mailto:") ? undefined : { src: link.href, from: link.host };
}
