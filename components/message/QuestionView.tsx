import { Paperclip } from "lucide-react";
import { memo, useState } from "react";
import type { Message, Part } from "../../lib/protocol/messages.ts";
import { ClippedText } from "../ui/ClippedText.tsx";
import { DataImage } from "./DataImage.tsx";
import { oneLine } from "./hostile-text.ts";
import { PageChip } from "./PageChip.tsx";

/** A person's question as a quiet tinted block: what was sent along, then the words. */
export const QuestionView = memo(function QuestionView({ message }: { message: Message }) {
  const attached = message.parts.filter((part) => part.type !== "text");
  const text = message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
  return (
    <article
      aria-label="Your question"
      className="flex flex-col gap-2 rounded-card bg-tint px-3 py-2.5 text-body forced-colors:border"
    >
      {attached.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sent question never move
        <Attached key={index} part={part} />
      ))}
      {text.trim() !== "" && <QuestionText text={text.trim()} />}
    </article>
  );
});

/** About eight lines of the panel; what is longer is mostly pasted. */
const COLLAPSED = 340;
const COLLAPSED_LINES = 8;

function QuestionText({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  const isLong = text.length > COLLAPSED * 1.5 || text.split("\n", COLLAPSED_LINES + 3).length > COLLAPSED_LINES + 2;
  if (!isLong) return <ClippedText text={text} />;
  return (
    <div>
      <ClippedText text={open ? text : `${beginningOf(text)}…`} />
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="mt-1 rounded-chip font-medium text-accent text-meta hover:text-accent-hover"
      >
        {open ? "Show less" : "Show all"}
      </button>
    </div>
  );
}

function beginningOf(text: string): string {
  return text
    .split("\n", COLLAPSED_LINES)
    .join("\n")
    .slice(0, COLLAPSED)
    .replace(/[\s.,;:]*\s\S{0,40}$/, "");
}

function Attached({ part }: { part: Part }) {
  switch (part.type) {
    case "page":
      return <PageChip page={part} />;
    case "image":
      return <DataImage mimeType={part.mimeType} data={part.data} alt="Attached" className="max-h-40 self-start" />;
    case "file":
      return (
        <p className="flex h-8 min-w-0 items-center gap-2 rounded-control border border-line bg-surface px-2.5 text-meta">
          <Paperclip size={14} aria-hidden className="shrink-0 text-accent" />
          <span className="min-w-0 truncate">{oneLine(part.name)}</span>
        </p>
      );
    case "text":
    case "reasoning":
    case "tool":
      return null;
  }
}
