import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

/** Pixels from the end that count as being there. */
const NEAR_END = 24;

/**
 * Keeps a growing list at its end while the person is there. Scrolling up ends it, reaching the end begins it again; the
 * flag is our own because the distance alone cannot tell a person who scrolled from a list that grew.
 */
export function useFollowEnd(scroller: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>) {
  const follows = useRef(true);
  const lastTop = useRef(0);
  const [isAtEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    const frame = scroller.current;
    if (!frame) return;
    follows.current = true;
    frame.scrollTop = frame.scrollHeight;
    setAtEnd(true);
  }, [scroller]);

  const onScroll = useCallback(() => {
    const frame = scroller.current;
    if (!frame) return;
    const isNear = frame.scrollHeight - frame.clientHeight - frame.scrollTop <= NEAR_END;
    if (isNear) follows.current = true;
    else if (frame.scrollTop < lastTop.current) follows.current = false;
    lastTop.current = frame.scrollTop;
    setAtEnd(isNear || follows.current);
  }, [scroller]);

  useEffect(() => {
    const { current: frame } = scroller;
    const { current: inner } = content;
    if (!frame || !inner) return;
    const observer = new ResizeObserver(() => follows.current && toEnd());
    observer.observe(inner);
    observer.observe(frame);
    return () => observer.disconnect();
  }, [scroller, content, toEnd]);

  return { isAtEnd, toEnd, onScroll };
}
