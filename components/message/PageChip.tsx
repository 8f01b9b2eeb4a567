import { FileText, X } from "lucide-react";
import { useState } from "react";
import type { PagePart } from "../../lib/protocol/messages.ts";
import { ClippedText } from "../ui/ClippedText.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { oneLine } from "./hostile-text.ts";

type PageChipProps = {
  page: PagePart;
  /** Takes the page out of a question that has not been sent. */
  onRemove?: () => void;
};

/** A page that goes, or went, with a question: its title and size, opening to exactly what is sent. */
export function PageChip({ page, onRemove }: PageChipProps) {
  const [open, setOpen] = useState(false);
  const title = oneLine(page.title) || hostOf(page.url);
  return (
    <div className="min-w-0 overflow-hidden rounded-control border border-line bg-surface text-meta">
      <div className="flex items-center">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex h-8 min-w-0 flex-1 items-center gap-2 px-2.5 text-start -outline-offset-2 transition-colors hover:bg-hover"
        >
          <FileText size={14} aria-hidden className="shrink-0 text-accent" />
          <span className="min-w-0 flex-1 truncate">{title}</span>
          <span className="shrink-0 text-muted text-small">{sizeWords(page)}</span>
        </button>
        {onRemove !== undefined && (
          <IconButton label="Do not send this page" onClick={onRemove} className="me-0.5">
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      {open && (
        <div
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-64 overflow-y-auto border-line border-t px-2.5 py-2 -outline-offset-2 [scrollbar-width:thin]"
        >
          <p className="mb-2 text-muted text-small [overflow-wrap:anywhere]">{page.url}</p>
          <ClippedText text={page.text} />
          {page.truncated && <p className="mt-2 text-small text-warn">The page is longer; it was cut here.</p>}
        </div>
      )}
    </div>
  );
}

function sizeWords({ text, truncated }: PagePart): string {
  const words = text.length < 1_000 ? `${text.length} characters` : `${Math.round(text.length / 1_000)}k characters`;
  return truncated ? `${words}, cut` : words;
}

function hostOf(url: string): string {
  return URL.parse(url)?.host || url;
}
