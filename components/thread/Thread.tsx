import { ArrowDown } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Virtualizer } from "virtua";
import { useChat, useChatActions, useThread } from "../../lib/chat/react.tsx";
import { Button } from "../ui/Button.tsx";
import { Hint } from "../ui/Hint.tsx";
import { StateGlyph } from "../ui/StateGlyph.tsx";
import { ThreadRow } from "./ThreadRow.tsx";
import { useFollowEnd } from "./use-follow-end.ts";

/** Pixels from the top at which older messages are asked for. */
const NEAR_TOP = 400;

/** The open conversation. It follows its end until the person scrolls up, and never moves under them after that. */
export function Thread() {
  const items = useThread();
  const older = useChat(({ view }) => (view.status === "open" ? view.older : "idle"));
  const hasOlder = useChat(({ view }) => view.status === "open" && view.before !== undefined);
  const { loadOlder } = useChatActions();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { isAtEnd, toEnd, onScroll } = useFollowEnd(scroller, content);
  const isPrepended = usePrepended(items.map(({ message }) => message.id));

  // Sending is going on: the question that was just asked is where the person looks.
  const lastQuestion = items.findLast(({ message }) => message.role === "user")?.message.id;
  const seenQuestion = useRef(lastQuestion);
  useEffect(() => {
    if (seenQuestion.current !== lastQuestion && items.at(-1)?.message.id === lastQuestion) toEnd();
    seenQuestion.current = lastQuestion;
  }, [lastQuestion, items, toEnd]);

  // Before its first scroll a list that is longer than its frame stands at the top only because it has not begun.
  const hasScrolled = useRef(false);
  const fill = () => {
    const { current: frame } = scroller;
    if (!frame || !hasOlder || older !== "idle" || frame.scrollTop >= NEAR_TOP) return;
    if (hasScrolled.current || frame.scrollHeight <= frame.clientHeight) void loadOlder();
  };
  useEffect(fill);

  const onScrolled = () => {
    hasScrolled.current = true;
    onScroll();
    fill();
  };

  // The browser glides there, and rows that are measured on the way end its glide before the goal.
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== scroller.current || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    if (event.key === "End") toEnd();
    else scroller.current.scrollTop = 0;
  };

  return (
    <>
      <h2 className="sr-only">Messages</h2>
      <section
        ref={scroller}
        onScroll={onScrolled}
        onKeyDown={onKeyDown}
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden -outline-offset-2 [overflow-anchor:none]"
      >
        <div ref={content} className="py-2">
          <Virtualizer scrollRef={scroller} startMargin={8} shift={isPrepended} data={items} bufferSize={600}>
            {(item, index) => <ThreadRow key={item.message.id} item={item} isLast={index === items.length - 1} />}
          </Virtualizer>
        </div>
      </section>
      <OlderState state={hasOlder ? older : "idle"} onRetry={() => void loadOlder()} />
      {!isAtEnd && (
        <div className="pointer-events-none absolute inset-x-0 bottom-2 flex justify-center">
          <Hint label="Jump to latest" shortcut="End">
            <button
              type="button"
              aria-label="Jump to latest"
              onClick={toEnd}
              className="pointer-events-auto inline-flex size-8 items-center justify-center rounded-full border border-line bg-raised text-ink shadow-lift transition-colors hover:bg-hover"
            >
              <ArrowDown size={16} aria-hidden />
            </button>
          </Hint>
        </div>
      )}
    </>
  );
}

/** Stands over the top of the list, so that it moves nothing when it comes and goes. */
function OlderState({ state, onRetry }: { state: "idle" | "loading" | "failed"; onRetry: () => void }) {
  if (state === "idle") return null;
  return (
    <p
      role="status"
      className="absolute inset-x-0 top-2 mx-auto flex w-fit items-center gap-2 rounded-control border border-line bg-raised px-2.5 py-1 text-meta text-muted shadow-lift"
    >
      {state === "loading" && <StateGlyph state="running" />}
      {state === "loading" ? "Loading earlier messages…" : "Earlier messages could not be loaded."}
      {state === "failed" && (
        <Button look="quiet" onClick={onRetry}>
          Try again
        </Button>
      )}
    </p>
  );
}

/** Whether this list is the last one with rows added before its beginning: only then its place is kept from the end. */
function usePrepended(ids: readonly string[]): boolean {
  const [seen, setSeen] = useState({ ids, isPrepended: false });
  const isSame = seen.ids.length === ids.length && seen.ids.every((id, index) => id === ids[index]);
  if (isSame) return seen.isPrepended;
  const first = seen.ids[0];
  const isPrepended = first !== undefined && ids.indexOf(first) > 0 && ids.at(-1) === seen.ids.at(-1);
  setSeen({ ids, isPrepended });
  return isPrepended;
}
