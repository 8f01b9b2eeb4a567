import type { ReactNode } from "react";
import { namesAnotherHost, openableLink } from "./link-target.ts";

type LinkProps = { address: string; words: string; children: ReactNode };

/**
 * A link of an answer. It opens in a new tab, tells nobody where it came from, and says where it really leads: in its
 * title always, and beside it when its words name another host.
 */
export function Link({ address, words, children }: LinkProps) {
  const link = openableLink(address);
  if (link === undefined) return <span title={`Not opened: ${address.slice(0, 200)}`}>{children}</span>;
  return (
    <>
      <a href={link.href} target="_blank" rel="noreferrer noopener" title={`${link.host}\n${link.href.slice(0, 500)}`}>
        {children}
      </a>
      {namesAnotherHost(words, link) && <span className="text-warn"> (leads to {link.host})</span>}
    </>
  );
}
