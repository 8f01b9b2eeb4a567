import { useEffect, useState } from "react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { oneLine } from "../message/hostile-text.ts";

type SearchHitsProps = {
  query: string;
  /** Whether titles were found already. */
  hasTitles: boolean;
  onChoose: (conversationId: string) => void;
};

/** A moment after the last key, so that each letter is not a request. */
const QUIET_MS = 200;

type Found = { query: string; hits: Awaited<ReturnType<ReturnType<typeof useChatActions>["search"]>> };

/** Messages in which the words stand, found by the server. */
export function SearchHits({ query, hasTitles, onChoose }: SearchHitsProps) {
  const { search } = useChatActions();
  const online = useChat((state) => state.keeper.connection.status === "online");
  const conversations = useChat((state) => state.keeper.conversations);
  const [found, setFound] = useState<Found>();

  useEffect(() => {
    if (!online) return;
    let isWanted = true;
    const timer = setTimeout(async () => {
      const hits = await search(query);
      if (isWanted) setFound({ query, hits });
    }, QUIET_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [query, online, search]);

  const isDone = found?.query === query;
  const hits = isDone ? found.hits : [];
  return (
    <section aria-label="In messages" aria-busy={online && !isDone}>
      {hits.length > 0 && <h2 className="px-2 pt-1.5 pb-1 text-muted text-small">In messages</h2>}
      <ul>
        {hits.map(({ conversationId, messageId, snippet }) => (
          <li key={messageId}>
            <button
              type="button"
              data-stop
              onClick={() => onChoose(conversationId)}
              className="flex w-full flex-col rounded-chip px-2 py-1.5 text-start -outline-offset-2 hover:bg-hover"
            >
              <span dir="auto" className="line-clamp-2 w-full text-ink text-meta">
                {oneLine(snippet, 240)}
              </span>
              <span dir="auto" className="w-full truncate text-muted text-small">
                {oneLine(conversations[conversationId]?.title ?? "")}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p role="status" className="px-2 text-meta text-muted">
        {stateWords({ online, isDone, isEmpty: hits.length === 0 && !hasTitles })}
      </p>
    </section>
  );
}

function stateWords({ online, isDone, isEmpty }: { online: boolean; isDone: boolean; isEmpty: boolean }): string {
  if (!online) return "Only titles are searched while the server cannot be reached.";
  if (!isDone) return isEmpty ? "Searching…" : "";
  return isEmpty ? "Nothing found." : "";
}
