import { StateGlyph } from "../ui/StateGlyph.tsx";
import { durationWords, useElapsed } from "./use-elapsed.ts";

/** Stands where the next words will be. */
export function Waiting() {
  const seconds = useElapsed(true);
  return (
    <p role="status" className="flex items-center gap-2 py-0.5 text-meta text-muted">
      <StateGlyph state="running" />
      <span>Waiting for the model…</span>
      {seconds >= 3 && (
        <span aria-hidden className="tabular-nums">
          {durationWords(seconds)}
        </span>
      )}
    </p>
  );
}
