import { FilePlus2, X } from "lucide-react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { oneLine } from "../message/hostile-text.ts";
import { PageChip } from "../message/PageChip.tsx";
import { Button } from "../ui/Button.tsx";
import { Hint } from "../ui/Hint.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { StateGlyph } from "../ui/StateGlyph.tsx";

/** The page that goes with the next question: the offer to attach it, the reading, the chip, or why it cannot be read. */
export function AttachmentRow({ onDone }: { onDone: () => void }) {
  const attachment = useChat((state) => state.attachment);
  const page = useChat((state) => state.page);
  const { attachPage, removePage } = useChatActions();
  const attach = () => {
    void attachPage();
    onDone();
  };
  const remove = () => {
    removePage();
    onDone();
  };

  switch (attachment.status) {
    case "none":
      if (page?.access === "never") return null;
      return (
        <div className="flex px-0.5 pt-1.5">
          <Hint label={page?.title === undefined ? "Reads the page in this tab" : `Reads “${oneLine(page.title, 80)}”`}>
            <Button look="quiet" onClick={attach} className="text-muted hover:text-ink">
              <FilePlus2 size={15} aria-hidden />
              Ask about this page
            </Button>
          </Hint>
        </div>
      );
    case "reading":
      return (
        <p role="status" className="flex h-8 items-center gap-2 px-3 pt-1.5 text-meta text-muted">
          <StateGlyph state="running" />
          Reading the page…
        </p>
      );
    case "attached":
      return (
        <div className="px-1.5 pt-1.5">
          {attachment.from === "selection" && <p className="px-1 pb-1 text-muted text-small">Your selection on</p>}
          <PageChip page={attachment.page} onRemove={remove} />
        </div>
      );
    case "failed":
      return (
        <div role="alert" className="flex items-start gap-1 border-line border-b py-1.5 ps-3 pe-1.5 text-meta">
          <p className="min-w-0 flex-1 py-1">{attachment.reason}</p>
          <Button look="quiet" onClick={attach}>
            Try again
          </Button>
          <IconButton label="Dismiss" onClick={remove}>
            <X size={15} aria-hidden />
          </IconButton>
        </div>
      );
  }
}
