import { RefusedError } from "../messaging/refusal.ts";
import type { Handlers } from "../messaging/serve-panel.ts";
import type { KeeperStore } from "./keeper-store.ts";
import type { Panel } from "./relay.ts";
import { conversationHandlers } from "./requests/conversations.ts";
import type { RequestDeps } from "./requests/deps.ts";
import { pageHandlers } from "./requests/pages.ts";
import { personHandlers } from "./requests/person.ts";
import { questionHandlers } from "./requests/questions.ts";
import { serverHandlers } from "./requests/server.ts";
import { signingInHandlers } from "./requests/signing-in.ts";
import type { Sessions } from "./sessions.ts";

export type HandlersForOptions = Omit<RequestDeps, "session" | "anySession"> & { sessions: Sessions };

/**
 * The handlers for a request that was made while the panel showed this person (undefined: nobody). They reach nobody
 * else's session and nobody else's state, however long they wait for something. Fails when somebody else is connected.
 */
export function createHandlersFor({ sessions, ...rest }: HandlersForOptions) {
  return async (userId: string | undefined): Promise<Handlers<Panel>> => {
    if (userId !== undefined && !(await sessions.isFor(userId))) throw new RefusedError(ANOTHER_PERSON);
    const anySession = async () => {
      const session = await sessions.current();
      if (session && userId !== undefined && session.userId !== userId) throw new RefusedError(ANOTHER_PERSON);
      return session;
    };
    const deps: RequestDeps = {
      ...rest,
      store: storeFor(userId, rest.store),
      anySession,
      async session() {
        const session = await anySession();
        if (session) return session;
        throw new RefusedError(rest.identity ? SIGNED_OUT : UNPAIRED);
      },
    };
    return {
      ...questionHandlers(deps),
      ...conversationHandlers(deps),
      ...personHandlers(deps),
      ...signingInHandlers(deps),
      ...serverHandlers(deps),
      ...pageHandlers(deps),
    };
  };
}

function storeFor(userId: string | undefined, store: KeeperStore): KeeperStore {
  const isTheirs = () => userId === undefined || store.state.account?.userId === userId;
  return {
    get state() {
      return store.state;
    },
    apply: (change) => void (isTheirs() && store.apply(change)),
    replace: (state) => void (isTheirs() && store.replace(state)),
    watch: store.watch,
  };
}

const ANOTHER_PERSON = { code: "another_person", message: "Somebody else is signed in now." };
const UNPAIRED = { code: "unpaired", message: "Connect to a server first." };
const SIGNED_OUT = { code: "signed-out", message: "Sign in first." };
