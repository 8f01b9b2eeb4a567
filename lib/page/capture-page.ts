import type { Clock } from "../api/clock.ts";
import type { Capture } from "../messaging/catalogue.ts";
import { pagePartSchema } from "../protocol/messages.ts";
import { type Extraction, extractionSchema } from "./extraction.ts";
import { ALL_PAGES, isClosed, isClosedBy, type PageTab } from "./page-access.ts";

export type CaptureOptions = {
  /** Whether all pages are granted: then asking for a right would not open one that is refused (Firefox's own say it so). */
  mayReadAll(): Promise<boolean>;
  tab: PageTab | undefined;
  /** Runs the extraction script in the tab's main frame and hands back its result. Fails as the browser does. */
  extract(tabId: number): Promise<unknown>;
  clock: Clock;
};

/** Reads the page of a tab on demand. Every failure is a sentence that says what the person can do. */
export async function capturePage({ tab, mayReadAll, extract, clock }: CaptureOptions): Promise<Capture> {
  if (!tab?.id) return failed("There is no page to read in this window.");
  if (tab.url && isClosed(tab.url)) return failed(SENTENCES.closed);
  try {
    const read = await withLimit(extract(tab.id), clock);
    // Firefox lets no script into its own pages, and says so by no result at all.
    if (read === undefined) return failed(SENTENCES.closed);
    const extraction = extractionSchema.parse(read);
    return extraction.status === "extracted" ? captured(extraction, clock) : failed(SENTENCES[extraction.reason]);
  } catch (error) {
    const refused = refusedBy(error instanceof Error ? error.message : "", tab.url);
    return refused.status === "needs-permission" && (await mayReadAll()) ? failed(SENTENCES.closed) : refused;
  }
}

function captured(extraction: Extract<Extraction, { status: "extracted" }>, clock: Clock): Capture {
  const { status: _, from, ...page } = extraction;
  const capturedAt = new Date(clock.now()).toISOString();
  const parsed = pagePartSchema.safeParse({ type: "page", ...page, capturedAt });
  return parsed.success ? { status: "captured", from, page: parsed.data } : failed(SENTENCES.broken);
}

function refusedBy(message: string, url: string | undefined): Capture {
  if (url?.startsWith("file:")) return failed(SENTENCES.file);
  if (message === TOO_LONG) return failed(SENTENCES.slow);
  if (isClosedBy(message)) return failed(SENTENCES.closed);
  if (/cannot access|permission/i.test(message)) return { status: "needs-permission", origin: ALL_PAGES };
  return failed(/error page/i.test(message) ? SENTENCES.closed : SENTENCES.broken);
}

function failed(reason: string): Capture {
  return { status: "failed", reason };
}

/** A script in a page cannot be stopped, but it need not be waited for. */
function withLimit<T>(work: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(LIMIT_MS, () => reject(new Error(TOO_LONG)));
    work.then(resolve, reject).finally(cancel);
  });
}

const LIMIT_MS = 15_000;
const TOO_LONG = "the page took too long";

const SENTENCES = {
  closed: "Browsers do not let extensions read this page. Open another one, or paste the text.",
  file: "To read files, allow “access to file URLs” for Sidestream on the browser's page of extensions.",
  slow: "This page takes too long to read. Select the part that you ask about and try again.",
  pdf: "This is a PDF, which Sidestream cannot read yet. Copy the part that you ask about and paste it.",
  empty: "There is no text on this page yet. Wait until it has loaded and try again.",
  broken: "This page could not be read. Reload it and try again, or paste the text.",
};
