import { ChevronRight } from "lucide-react";
import { Collapsible } from "radix-ui";
import { type ReactNode, useState } from "react";

type DisclosureProps = {
  /** The one line that is always seen. */
  line: ReactNode;
  /** Said at the end of the line, for example a time. */
  aside?: ReactNode;
  /** Built when opened only. */
  children: () => ReactNode;
};

/** One line that opens to show what is behind it. */
export function Disclosure({ line, aside, children }: DisclosureProps) {
  const [open, setOpen] = useState(false);
  return (
    <Collapsible.Root open={open} onOpenChange={setOpen} className="min-w-0">
      <Collapsible.Trigger className="group relative -mx-1.5 flex max-w-[calc(100%+12px)] items-center gap-2 rounded-chip px-1.5 py-0.5 text-start text-meta text-muted transition-colors hover:bg-hover hover:text-ink">
        {line}
        {aside !== undefined && <span className="shrink-0 tabular-nums">{aside}</span>}
        <ChevronRight
          size={14}
          aria-hidden
          className="shrink-0 opacity-60 transition-transform group-data-[state=open]:rotate-90 rtl:-scale-x-100"
        />
      </Collapsible.Trigger>
      <Collapsible.Content className="ms-[6px] mt-1.5 border-line border-s ps-4 pb-1">
        {open && children()}
      </Collapsible.Content>
    </Collapsible.Root>
  );
}
