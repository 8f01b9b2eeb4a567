import type { KeeperLink, KeeperPush } from "../messaging/keeper-link.ts";
import type { KeeperState } from "../messaging/keeper-state.ts";
import { RefusedError } from "../messaging/refusal.ts";
import { type Chat, type ChatDeps, createChat } from "./create-chat.ts";

/**
 * Calls `show` with the chat of whoever is connected, first at once and then whenever that is somebody else or nobody.
 * The chat before has ended by then with all that it held: text that waits to be saved, replies that are still to come.
 * Returns the end of it.
 */
export function followPerson(deps: ChatDeps, show: (chat: Chat, key: number) => void): () => void {
  let snapshot: KeeperPush | undefined;
  let page: KeeperPush | undefined;
  let person: string | undefined;
  let key = 0;
  let endChat = () => undefined;

  function begin(): void {
    endChat();
    key += 1;
    const link = linkUntilEnd(deps.link, () => [snapshot, page].flatMap((push) => push ?? []));
    const chat = createChat({ ...deps, link });
    const stop = chat.start();
    endChat = () => {
      stop();
      link.close();
    };
    show(chat, key);
  }

  const unsubscribe = deps.link.subscribe((push) => {
    if (push.type === "page") page = push;
    if (push.type !== "snapshot") return;
    snapshot = push;
    const next = personOf(push.state);
    if (next === undefined || next === person) return;
    const isFirst = person === undefined;
    person = next;
    if (!isFirst) begin();
  });
  begin();
  return () => {
    unsubscribe();
    endChat();
  };
}

/** Undefined while a worker that has just begun does not know it yet: what is shown stays. */
function personOf({ account, connection }: KeeperState): string | undefined {
  if (account) return JSON.stringify([account.serverUrl, account.userId]);
  return connection.status === "unpaired" || connection.status === "signed-out" ? "nobody" : undefined;
}

/** The link of one chat. It tells first what was said before, and nothing goes through it once it is closed. */
function linkUntilEnd(link: KeeperLink, before: () => KeeperPush[]): KeeperLink {
  let isOver = false;
  return {
    call: (name, body) => (isOver ? Promise.reject(new RefusedError(OVER)) : link.call(name, body)),
    subscribe(listener) {
      for (const push of before()) listener(push);
      return link.subscribe((push) => void (isOver || listener(push)));
    },
    close() {
      isOver = true;
    },
  };
}

const OVER = { code: "another_person", message: "Somebody else is signed in now." };
