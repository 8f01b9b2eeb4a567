import { Ban, Check, CircleHelp, LoaderCircle, TriangleAlert } from "lucide-react";

type GlyphState = "running" | "waiting" | "done" | "failed" | "denied";

const GLYPHS = {
  running: { Icon: LoaderCircle, look: "running-glyph text-accent" },
  waiting: { Icon: CircleHelp, look: "text-warn" },
  done: { Icon: Check, look: "text-muted" },
  failed: { Icon: TriangleAlert, look: "text-danger" },
  denied: { Icon: Ban, look: "text-muted" },
} as const;

/** How something is going, as one icon. The words beside it say the same. */
export function StateGlyph({ state, size = 14 }: { state: GlyphState; size?: number }) {
  const { Icon, look } = GLYPHS[state];
  return <Icon size={size} aria-hidden data-state={state} className={`shrink-0 ${look}`} />;
}
