import { ConvexClient } from "convex/browser";
import { type FunctionArgs, type FunctionReference, getFunctionName, makeFunctionReference } from "convex/server";
import { waitAtMost } from "../../ports/wait-at-most.ts";
import { type DeploymentAddress, giveDeployKey } from "./deployment.ts";

type Query = FunctionReference<"query", "internal">;

/** Results of queries as they change, over one WebSocket, which reconnects by itself when its line is cut. */
export type LiveQueries = {
  follow<Called extends Query>(
    called: Called,
    args: FunctionArgs<Called>,
    onResult: (result: unknown) => void,
  ): () => void;
  close(): Promise<void>;
};

/**
 * Connects when there is something to follow. `onBroken` is told, possibly more than once, when nothing more will come: the
 * key was refused, a query failed, or Convex ended the session for good. Open another one then.
 */
export function openLiveQueries(address: DeploymentAddress, onBroken: (error: unknown) => void): LiveQueries {
  const client = new ConvexClient(address.url, {
    skipConvexDeploymentUrlCheck: true,
    logger: false,
    webSocketConstructor: guardedWebSocket(onBroken),
  });
  giveDeployKey(client, address.deployKey);
  return {
    follow: (called, args, onResult) =>
      client.onUpdate(makeFunctionReference<"query">(getFunctionName(called)), args, onResult, onBroken),
    close: () => waitAtMost(CLOSE_MS, client.close()),
  };
}

/** Milliseconds that the end of a connection is waited for: one that is only just being made ends when it stands. */
const CLOSE_MS = 1_000;

/** The client throws in its listener when Convex reports a fatal error, and nobody would catch it: the process would end. */
function guardedWebSocket(onBroken: (error: unknown) => void): typeof WebSocket {
  return class GuardedWebSocket extends WebSocket {
    override set onmessage(listener: typeof WebSocket.prototype.onmessage) {
      super.onmessage =
        listener &&
        ((message) => {
          try {
            listener.call(this, message);
          } catch (error) {
            onBroken(error);
          }
        });
    }
    override get onmessage() {
      return super.onmessage;
    }
  };
}
