import type { Clock } from "../api/clock.ts";
import type { GetToken } from "../api/request-json.ts";
import type { KeeperStore } from "./keeper-store.ts";

export type SignInReachOptions = {
  /** Of the person; may fail because the sign-in service gives no token. */
  getToken: GetToken;
  isSignInUnreachable(error: unknown): boolean;
  store: KeeperStore;
  clock: Clock;
  signal: AbortSignal;
  /** Tokens are to be had again. */
  onBack(): void;
};

/**
 * `getToken` for the requests beside the feed. An open feed needs no other token for minutes, and what runs goes on in it;
 * but whoever asks meanwhile must be told why nothing is sent. From the first token that could not be had until one is,
 * the connection says so, and another one is asked for again and again.
 */
export function tellSignInReach(options: SignInReachOptions): GetToken {
  const { isSignInUnreachable, store, clock, signal, onBack } = options;
  let failures = 0;
  let cancelRetry: (() => void) | undefined;

  signal.addEventListener("abort", () => cancelRetry?.());

  async function getToken(request?: { fresh: boolean }): Promise<string | undefined> {
    try {
      const token = await options.getToken(request);
      if (failures > 0) reached();
      return token;
    } catch (error) {
      if (isSignInUnreachable(error)) missed();
      throw error;
    }
  }

  function missed(): void {
    // A feed that is not open says itself why, and asks for tokens by itself.
    if (signal.aborted || store.state.connection.status !== "online") return;
    store.apply({ type: "connection", connection: { status: "online", signIn: "unreachable" } });
    if (cancelRetry) return;
    const ms = clock.backoff(failures);
    failures += 1;
    cancelRetry = clock.after(ms, () => {
      cancelRetry = undefined;
      // What fails has been told where it failed.
      getToken().catch(() => undefined);
    });
  }

  function reached(): void {
    failures = 0;
    cancelRetry?.();
    cancelRetry = undefined;
    if (store.state.connection.status !== "online") return;
    store.apply({ type: "connection", connection: { status: "online" } });
    onBack();
  }

  return getToken;
}
