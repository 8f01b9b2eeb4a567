import type { HandlersOf, RequestDeps } from "./deps.ts";

/** The page that the person is on. */
export function pageHandlers({ pages }: RequestDeps): HandlersOf<"page" | "capture"> {
  return {
    page: ({ windowId }) => pages.info(windowId),
    capture: ({ windowId }) => pages.capture(windowId),
  };
}
