import { Archive, ArrowLeft, Search } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { groupConversations } from "../../lib/chat/group-conversations.ts";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { listedConversations, runningKey } from "../../lib/chat/selectors.ts";
import { Button } from "../ui/Button.tsx";
import { useArrowKeys } from "../ui/use-arrow-keys.ts";
import { ConversationItem } from "./ConversationItem.tsx";
import { SearchHits } from "./SearchHits.tsx";

/** Rows that are built without being asked for. */
const SHOWN = 100;

/** Search over titles and messages, and all conversations under their headings. Arrows walk through it. */
export function ConversationList({ onChosen }: { onChosen: () => void }) {
  const { open } = useChatActions();
  const conversations = useChat((state) => state.keeper.conversations);
  const pending = useChat((state) => state.keeper.pending);
  const running = new Set(useChat(runningKey).split(" "));
  const [query, setQuery] = useState("");
  const [limit, setLimit] = useState(SHOWN);
  const frame = useRef<HTMLDivElement>(null);
  const onKeyDown = useArrowKeys(frame);

  const wanted = query.trim().toLocaleLowerCase();
  const [isArchive, setArchive] = useState(false);
  const [rows, others] = useMemo(() => {
    const find = (archived: boolean) =>
      listedConversations({ conversations, pending }, { archived }).filter(({ title }) =>
        title.toLocaleLowerCase().includes(wanted),
      );
    return [find(isArchive), find(!isArchive)];
  }, [conversations, pending, wanted, isArchive]);
  const groups = groupConversations(rows.slice(0, limit), new Date());
  const choose = (id: string) => {
    void open(id);
    onChosen();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the controls inside
    <div ref={frame} onKeyDown={onKeyDown} className="flex min-h-0 flex-col">
      <div className="flex items-center gap-2 border-line border-b px-3">
        <Search size={15} aria-hidden className="shrink-0 text-muted" />
        <input
          type="search"
          data-stop
          aria-label="Search conversations"
          placeholder="Search conversations"
          dir="auto"
          value={query}
          maxLength={200}
          onChange={(event) => setQuery(event.target.value)}
          className="h-10 min-w-0 flex-1 bg-transparent text-body outline-none placeholder:text-muted [&::-webkit-search-cancel-button]:hidden"
        />
      </div>
      <div className="min-h-0 overflow-y-auto p-1.5 [scrollbar-width:thin]">
        {groups.map((group) => (
          <section key={group.name} aria-label={group.name} className="mb-1">
            <h2 className="px-2 pt-1.5 pb-1 text-muted text-small">{group.name}</h2>
            <ul>
              {group.rows.map((row) => (
                <ConversationItem key={row.id} row={row} isRunning={running.has(row.id)} onChoose={choose} />
              ))}
            </ul>
          </section>
        ))}
        {rows.length > limit && (
          <Button look="quiet" onClick={() => setLimit(limit + SHOWN)}>
            Show more ({(rows.length - limit).toLocaleString("en")})
          </Button>
        )}
        {wanted !== "" && <SearchHits query={wanted} hasTitles={rows.length > 0} onChoose={choose} />}
        {wanted === "" && rows.length === 0 && (
          <p className="px-2 py-3 text-meta text-muted">
            {isArchive ? "The archive is empty." : "Conversations that you begin are kept here."}
          </p>
        )}
        {(isArchive || others.length > 0) && (
          <button
            type="button"
            data-stop
            onClick={() => setArchive(!isArchive)}
            className="flex h-8 w-full items-center gap-2 rounded-chip px-2 text-start text-meta text-muted -outline-offset-2 hover:bg-hover hover:text-ink"
          >
            {isArchive ? <ArrowLeft size={14} aria-hidden /> : <Archive size={14} aria-hidden />}
            {isArchive ? "Back to all conversations" : `Archived (${others.length})`}
          </button>
        )}
      </div>
    </div>
  );
}
