import type { ReactNode } from "react";
import { ClippedText } from "../ui/ClippedText.tsx";
import { withHiddenShown } from "./hostile-text.ts";
import { asJson } from "./tool-words.ts";

/** The arguments of a call in full: what is agreed to must be what is sent. */
export function ToolArguments({ args }: { args: unknown }) {
  return (
    <Detail name="Arguments">
      <ClippedText text={withHiddenShown(asJson(args))} className={DETAIL_TEXT} first={100_000} />
    </Detail>
  );
}

/** The type of everything that is data and not prose. */
export const DETAIL_TEXT = "font-mono text-code text-ink";

/** A named piece of what is behind a line. */
export function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section>
      <h4 className="mb-0.5 text-muted text-small">{name}</h4>
      {children}
    </section>
  );
}
