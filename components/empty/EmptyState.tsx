import { FileText, ListTree, type LucideIcon, MessageCircleQuestion, Scale } from "lucide-react";
import { useMemo } from "react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { listedConversations, standingOf, unreachable } from "../../lib/chat/selectors.ts";
import { oneLine } from "../message/hostile-text.ts";
import { UNSENT_WORDS } from "../message/unsent-words.ts";

const RECENT = 4;

const SUGGESTIONS: readonly { Icon: LucideIcon; question: string }[] = [
  { Icon: ListTree, question: "What are the main points of this page?" },
  { Icon: Scale, question: "What does this page claim, and what supports it?" },
  { Icon: MessageCircleQuestion, question: "Explain the difficult parts of this page simply." },
];

/** Before the first question: the page beside the panel, three things worth asking about it, and where to go on. */
export function EmptyState() {
  const hasHistory = useChat(
    ({ keeper }) => Object.keys(keeper.conversations).length > 0 || Object.keys(keeper.pending).length > 0,
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto px-4 py-5">
      <CurrentPage />
      <Recent />
      {!hasHistory && <FirstWords />}
    </div>
  );
}

function CurrentPage() {
  const page = useChat((state) => state.page);
  const { askAboutPage } = useChatActions();
  if (page?.access === "never") {
    return (
      <section aria-label="This page">
        <h2 className="font-semibold text-body">Ask anything</h2>
        <p className="text-meta text-muted">
          Browsers keep this page closed to extensions, so that it cannot be read. Any other question is fine.
        </p>
      </section>
    );
  }
  return (
    <section aria-label="This page" className="flex flex-col gap-2">
      <div>
        <p className="text-muted text-small">On this page</p>
        <h2 dir="auto" className="line-clamp-2 font-semibold text-[16px] leading-[22px]">
          {oneLine(page?.title ?? "", 160) || "The page in this tab"}
        </h2>
        {page?.url !== undefined && <p className="truncate text-muted text-small">{hostOf(page.url)}</p>}
      </div>
      <ul className="-mx-2 flex flex-col">
        {SUGGESTIONS.map(({ Icon, question }) => (
          <li key={question}>
            <button
              type="button"
              onClick={() => void askAboutPage(question)}
              className="flex min-h-9 w-full items-center gap-2.5 rounded-control px-2 py-1.5 text-start text-body transition-colors -outline-offset-2 hover:bg-hover"
            >
              <Icon size={16} aria-hidden className="shrink-0 text-accent" />
              {question}
            </button>
          </li>
        ))}
      </ul>
      <p className="text-muted text-small">One press reads the page’s text and sends it with the question.</p>
    </section>
  );
}

function Recent() {
  const conversations = useChat((state) => state.keeper.conversations);
  const pending = useChat((state) => state.keeper.pending);
  const missing = useChat(unreachable);
  const { open } = useChatActions();
  const rows = useMemo(
    () => listedConversations({ conversations, pending }).slice(0, RECENT),
    [conversations, pending],
  );
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="recent">
      <h2 id="recent" className="text-muted text-small">
        Recent
      </h2>
      <ul className="-mx-2 mt-1 flex flex-col">
        {rows.map(({ id, title, unread, unsent }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => void open(id)}
              className="flex h-8 w-full items-center gap-2.5 rounded-control px-2 text-start text-meta transition-colors -outline-offset-2 hover:bg-hover"
            >
              <FileText size={15} aria-hidden className="shrink-0 text-muted" />
              <span dir="auto" className={`min-w-0 flex-1 truncate ${unread ? "font-semibold" : ""}`}>
                {oneLine(title, 160) || "New conversation"}
              </span>
              {unread && <span className="shrink-0 text-accent text-small">new answer</span>}
              {unsent && (
                <span className="shrink-0 text-muted text-small">{UNSENT_WORDS[standingOf(unsent, missing)]}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What leaves the browser, and when: said once, before anything does. */
function FirstWords() {
  return (
    <p className="mt-auto border-line border-t pt-3 text-meta text-muted">
      Nothing leaves this browser until you send. Then your question, and the page if you attached it, go to your server
      and from there to the model that is named below.
    </p>
  );
}

function hostOf(url: string): string {
  return URL.parse(url)?.host || url;
}
