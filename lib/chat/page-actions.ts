import type { PageActions } from "./chat-actions.ts";
import type { ChatContext } from "./chat-context.ts";
import { attachmentOf } from "./chat-state.ts";

export type PageDeps = {
  windowId: number;
  /**
   * Asks the person for the right to read pages of this origin (a match pattern), or all pages where the address of this
   * one is hidden; works only while a click is fresh.
   */
  requestPageAccess(origin?: string): Promise<boolean>;
};

/** Attaching the page that the person reads. */
export function createPageActions({ store, update, attempt }: ChatContext, deps: PageDeps): PageActions {
  const { windowId, requestPageAccess } = deps;
  /** Browsers refuse to ask at all when no click is fresh, which comes to the same. */
  async function isAllowed(origin?: string): Promise<boolean> {
    return requestPageAccess(origin).catch((cause: unknown) => {
      console.warn("The browser did not ask for the page", cause);
      return false;
    });
  }

  return {
    async attachPage() {
      // Before anything is awaited: Firefox lets an extension ask in the very handler of a click only.
      const asking = store.getState().page?.access === "ask" ? isAllowed() : undefined;
      update((state) => ({ ...state, attachment: { status: "reading" } }));
      await asking;
      let capture = await attempt("capture", { windowId });
      if (capture?.status === "needs-permission" && !asking && (await isAllowed(capture.origin))) {
        capture = await attempt("capture", { windowId });
      }
      const attachment = capture ? attachmentOf(capture) : { status: "none" as const };
      // Removed by the person while it was read: it stays removed.
      update((state) => (state.attachment.status === "reading" ? { ...state, attachment } : state));
    },

    removePage() {
      update((state) => ({ ...state, attachment: { status: "none" } }));
    },
  };
}
