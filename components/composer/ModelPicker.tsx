import { Check, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useRef, useState } from "react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { chosenModel } from "../../lib/chat/selectors.ts";
import type { ModelInfo } from "../../lib/protocol/responses.ts";
import { oneLine } from "../message/hostile-text.ts";
import { Hint } from "../ui/Hint.tsx";
import { useArrowKeys } from "../ui/use-arrow-keys.ts";
import { modelDetail } from "./model-words.ts";

/** With more models than this a person searches. */
const FEW = 8;
/** Rows that are built at once; endpoints list hundreds. */
const SHOWN = 60;

/** Which model gets the next question. */
export function ModelPicker() {
  const model = useChat(chosenModel);
  const [open, setOpen] = useState(false);
  if (!model) return null;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Hint label="Model of the next question">
        <Popover.Trigger
          aria-label={`Model: ${model.name}`}
          className="flex h-8 min-w-0 items-center gap-1 rounded-control px-1.5 text-meta text-muted transition-colors hover:bg-hover hover:text-ink data-[state=open]:bg-hover"
        >
          <span className="min-w-0 truncate">{oneLine(model.name, 80)}</span>
          <ChevronDown size={13} aria-hidden className="shrink-0" />
        </Popover.Trigger>
      </Hint>
      <Popover.Portal>
        <Popover.Content
          align="start"
          side="top"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Model"
          className="z-30 flex max-h-[min(420px,var(--radix-popover-content-available-height))] w-[min(360px,calc(100vw-16px))] flex-col overflow-hidden rounded-card border border-line bg-raised shadow-lift outline-none"
        >
          <ModelList chosen={model.id} onChosen={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ModelList({ chosen, onChosen }: { chosen: string; onChosen: () => void }) {
  const models = useChat((state) => state.keeper.models?.models) ?? NONE;
  const { chooseModel } = useChatActions();
  const [query, setQuery] = useState("");
  const frame = useRef<HTMLDivElement>(null);
  const onKeyDown = useArrowKeys(frame);
  const words = query.toLowerCase().split(/\s+/);
  const found = models.filter(({ id, name }) => words.every((word) => `${name} ${id}`.toLowerCase().includes(word)));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the controls inside
    <div ref={frame} onKeyDown={onKeyDown} className="flex min-h-0 flex-col">
      {models.length > FEW && (
        <input
          type="search"
          data-stop
          aria-label="Search models"
          placeholder={`Search ${models.length} models`}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="h-10 shrink-0 border-line border-b bg-transparent px-3 text-body outline-none placeholder:text-muted"
        />
      )}
      <div role="radiogroup" aria-label="Models" className="min-h-0 overflow-y-auto p-1.5 [scrollbar-width:thin]">
        {found.slice(0, SHOWN).map((model) => (
          <ModelRow
            key={model.id}
            model={model}
            isChosen={model.id === chosen}
            onChoose={() => {
              void chooseModel(model.id);
              onChosen();
            }}
          />
        ))}
      </div>
      {found.length > SHOWN && (
        <p className="border-line border-t px-3 py-1.5 text-muted text-small">
          {found.length - SHOWN} more: search by name.
        </p>
      )}
      {found.length === 0 && <p className="px-3 pb-3 text-meta text-muted">No model has this name.</p>}
    </div>
  );
}

const NONE: readonly ModelInfo[] = [];

function ModelRow({ model, isChosen, onChoose }: { model: ModelInfo; isChosen: boolean; onChoose: () => void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of two lines that is chosen by a press, not a form's field
    <button
      type="button"
      role="radio"
      data-stop
      aria-checked={isChosen}
      onClick={onChoose}
      className="flex w-full items-start gap-2 rounded-chip px-2 py-1.5 text-start text-meta -outline-offset-2 hover:bg-hover"
    >
      <span className="mt-0.5 flex w-4 shrink-0 justify-center text-accent">
        {isChosen && <Check size={15} aria-hidden />}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate">{oneLine(model.name, 80)}</span>
        <span className="block text-muted text-small">{modelDetail(model)}</span>
      </span>
    </button>
  );
}
