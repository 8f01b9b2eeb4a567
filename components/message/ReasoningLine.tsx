import { Brain } from "lucide-react";
import { Markdown } from "../markdown/Markdown.tsx";
import { Disclosure } from "../ui/Disclosure.tsx";
import { StateGlyph } from "../ui/StateGlyph.tsx";
import { durationWords, useElapsed } from "./use-elapsed.ts";

/** What the model thought, as one line that opens. */
export function ReasoningLine({ text, live }: { text: string; live: boolean }) {
  const seconds = useElapsed(live);
  return (
    <Disclosure
      line={
        <>
          {live ? <StateGlyph state="running" /> : <Brain size={14} aria-hidden className="shrink-0" />}
          <span>{live ? "Thinking…" : "Thought"}</span>
        </>
      }
      {...(seconds >= 2 && { aside: live ? durationWords(seconds) : `for ${durationWords(seconds)}` })}
    >
      {() => (
        <div className="text-meta text-muted">
          <Markdown text={text} live={live} />
        </div>
      )}
    </Disclosure>
  );
}
