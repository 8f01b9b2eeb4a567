import * as z from "zod";

/**
 * A connection to a browser by the Chrome DevTools Protocol that attaches to nothing by itself. Playwright attaches to
 * every target, and a service worker with a debugger attached is never put to sleep, so its life cannot be watched.
 */
export type Cdp = {
  /** Fails when the browser answers with an error or the connection is closed. */
  send(method: string, params?: Record<string, unknown>, sessionId?: string): Promise<unknown>;
  targets(): Promise<Target[]>;
  /** Runs an expression in a page or worker, waits for its promise and returns its JSON value. Detaches again. */
  evaluate(targetId: string, expression: string): Promise<unknown>;
  close(): void;
};

const targetSchema = z.object({ targetId: z.string(), type: z.string(), url: z.string(), title: z.string() });
export type Target = z.infer<typeof targetSchema>;

const targetsSchema = z.object({ targetInfos: z.array(targetSchema) });
const attachedSchema = z.object({ sessionId: z.string() });
const evaluatedSchema = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z
    .object({ text: z.string(), exception: z.object({ description: z.string().optional() }).optional() })
    .optional(),
});
const answerSchema = z.object({
  id: z.number(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** Connects to the browser's own socket (`ws://…/devtools/browser/…`). */
export async function connectCdp(url: string): Promise<Cdp> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;

  socket.addEventListener("message", ({ data }) => {
    const answer = answerSchema.safeParse(JSON.parse(String(data)));
    if (!answer.success) return;
    const { id, result, error } = answer.data;
    if (error) waiting.get(id)?.reject(new Error(error.message));
    else waiting.get(id)?.resolve(result);
    waiting.delete(id);
  });
  socket.addEventListener("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("the browser closed the connection"));
    waiting.clear();
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error(`cannot connect to ${url}`)), { once: true });
  });

  function send(method: string, params: Record<string, unknown> = {}, sessionId?: string): Promise<unknown> {
    if (socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error("the browser is gone"));
    const answer = Promise.withResolvers<unknown>();
    lastId += 1;
    waiting.set(lastId, answer);
    socket.send(JSON.stringify({ id: lastId, method, params, ...(sessionId !== undefined && { sessionId }) }));
    return answer.promise;
  }

  return {
    send,
    async targets() {
      return targetsSchema.parse(await send("Target.getTargets", { filter: [{}] })).targetInfos;
    },
    async evaluate(targetId, expression) {
      const { sessionId } = attachedSchema.parse(await send("Target.attachToTarget", { targetId, flatten: true }));
      try {
        const answer = await send(
          "Runtime.evaluate",
          { expression, awaitPromise: true, returnByValue: true, userGesture: true },
          sessionId,
        );
        const { result, exceptionDetails: thrown } = evaluatedSchema.parse(answer);
        if (thrown) throw new Error(thrown.exception?.description ?? thrown.text);
        return result.value;
      } finally {
        await send("Target.detachFromTarget", { sessionId }).catch(ignoreGoneTarget);
      }
    },
    close: () => socket.close(),
  };
}

/** A target that is gone has nothing to detach from. */
function ignoreGoneTarget(): undefined {
  return undefined;
}
