/** An answer has come that was not seen. The words stand beside it. */
export function UnreadDot() {
  return <span aria-hidden className="size-2 shrink-0 rounded-full bg-accent forced-colors:bg-[Highlight]" />;
}
