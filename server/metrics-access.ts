import { createHash, timingSafeEqual } from "node:crypto";

/** Who may read the metrics: callers on this machine, and whoever has the token when one is configured. */
export function metricsAccess(options: { token: string | undefined; isLoopback: (address: string) => boolean }) {
  return ({ address, authorization }: { address: string | undefined; authorization: string | undefined }): boolean => {
    // A dual-stack socket shows IPv4 peers as ::ffff:127.0.0.1.
    if (options.isLoopback((address ?? "").replace(/^::ffff:/, ""))) return true;
    return options.token !== undefined && isSame(authorization ?? "", `Bearer ${options.token}`);
  };
}

/** Compares digests, so that neither content nor length of the secret shows in the time it takes. */
function isSame(candidate: string, secret: string): boolean {
  return timingSafeEqual(digest(candidate), digest(secret));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
