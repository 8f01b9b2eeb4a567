import * as z from "zod";
import {
  CATALOGUE,
  type ReplyOf,
  type RequestName,
  type RequestOf,
  type ToKeeper,
  type ToPanel,
  toKeeperSchema,
} from "./catalogue.ts";
import type { Port } from "./port.ts";
import type { Refusal } from "./refusal.ts";
import { SCHEMAS } from "./schemas.ts";

/** One handler for each request of the catalogue; `panel` is whatever stands for the panel that asks. */
export type Handlers<Panel> = {
  [N in RequestName]: (body: RequestOf<N>, panel: Panel) => Promise<ReplyOf<N>>;
};

export type PanelServing<Panel> = {
  /** The handlers of a request that was made while the panel showed this person. May fail, as they do. */
  handlersFor(userId: string | undefined): Promise<Handlers<Panel>>;
  /** The panel has told its window: it may get pushes from now on through `send`, which never throws. */
  enter(introduction: { windowId: number; send: (message: ToPanel) => void }): Panel;
  leave(panel: Panel): void;
  /** What the panel is told of a failed request. */
  explain(error: unknown): Refusal;
  /** A failure that is not the caller's, or a message that has no form. */
  onFault(error: unknown): void;
};

/** Answers the requests that come over a panel's Port until it closes. A request before `hello` is refused. */
export function servePanel<Panel>(port: Port, serving: PanelServing<Panel>): void {
  const { handlersFor, enter, leave, explain, onFault } = serving;
  let panel: { is: Panel } | undefined;
  let open = true;

  function send(message: ToPanel): void {
    if (!open) return;
    try {
      port.postMessage(message);
    } catch (error) {
      // The panel closed and its onDisconnect has not come yet.
      onFault(error);
    }
  }

  async function answer({ id, name, body, userId }: Request): Promise<void> {
    try {
      if (!panel) throw new TypeError("A panel must introduce itself before it asks.");
      send({
        type: "reply",
        id,
        body: await run(await handlersFor(userId), requestNameSchema.parse(name), body, panel.is),
      });
    } catch (error) {
      const refusal = explain(error);
      if (refusal.code === "internal") onFault(error);
      send({ type: "refusal", id, ...refusal });
    }
  }

  function run<N extends RequestName>(
    handlers: Handlers<Panel>,
    name: N,
    body: unknown,
    asking: Panel,
  ): Promise<ReplyOf<N>> {
    return handlers[name](SCHEMAS[name].request.parse(body), asking);
  }

  port.onMessage.addListener((raw) => {
    const parsed = toKeeperSchema.safeParse(raw);
    if (!parsed.success) return onFault(parsed.error);
    const message = parsed.data;
    if (message.type === "hello") panel ??= { is: enter({ windowId: message.windowId, send }) };
    if (message.type === "request") void answer(message);
  });
  port.onDisconnect.addListener(() => {
    open = false;
    if (panel) leave(panel.is);
    panel = undefined;
  });
}

type Request = Extract<ToKeeper, { type: "request" }>;

const requestNames = Object.keys(CATALOGUE);
const requestNameSchema = z.custom<RequestName>(
  (value) => typeof value === "string" && requestNames.includes(value),
  "is not in the catalogue",
);
