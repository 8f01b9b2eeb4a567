import type { Account } from "../auth/account.ts";
import type { Identity } from "../auth/identity.ts";
import type { Connection } from "../messaging/keeper-state.ts";
import type { SettingsStore } from "../settings.ts";
import type { ServerAccess } from "./keeper.ts";

/** Where accounts come from: a paired token, or a person who signed in. */
export type Accounts = {
  /** How the keeper stands while there is none. */
  nobody: Connection;
  /** Whether it is said by a sign-in service who the person is, so that several can follow each other here. */
  hasPeople: boolean;
  /** Whoever is connected by what this device has kept. `key` is another one for each account. */
  who(): Promise<
    { key: string; userId?: string | undefined; account(signal: AbortSignal): Promise<Account> } | undefined
  >;
  /** Calls back when it may be somebody else. */
  watch(onChange: () => void): void;
  /** Keeps nothing of the account any more. */
  forget(): Promise<void>;
};

/** One token for one server. */
export function pairedAccounts({ settings, server }: { settings: SettingsStore; server: ServerAccess }): Accounts {
  const { accountOf, createClient } = server;
  return {
    nobody: { status: "unpaired" },
    hasPeople: false,
    async who() {
      const now = await settings.read();
      const { token, serverUrl, account } = now;
      if (token === undefined) return undefined;
      return {
        key: JSON.stringify([serverUrl, token]),
        userId: account?.userId,
        account: (signal) => accountOf({ ...now, token }, { settings, createClient, signal }),
      };
    },
    watch: (onChange) => void settings.watch(onChange),
    forget: () => settings.save({ token: undefined, account: undefined, model: undefined }),
  };
}

/** The person of a sign-in service. Tokens change by the minute, so the account is known by its user and its server. */
export function signedInAccounts({ settings, identity }: { settings: SettingsStore; identity: Identity }): Accounts {
  return {
    nobody: { status: "signed-out" },
    hasPeople: true,
    async who() {
      const [{ serverUrl }, person] = await Promise.all([settings.read(), identity.current()]);
      if (!person) return undefined;
      const { userId, email } = person;
      const account = { serverUrl, userId, email, getToken: identity.getToken };
      return { key: JSON.stringify([serverUrl, userId, email]), userId, account: async () => account };
    },
    watch(onChange) {
      identity.watch(onChange);
      settings.watch(onChange);
    },
    async forget() {
      try {
        await settings.save({ token: undefined, account: undefined, model: undefined });
      } finally {
        await identity.signOut();
      }
    },
  };
}
