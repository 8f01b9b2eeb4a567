import { useEffect, useState } from "react";
import { loadLanguage } from "./languages.ts";

/** Turns code into the HTML of highlight.js: spans with classes and escaped text. */
type Highlight = (code: string) => string;

/** The highlighter of a language, once it has been fetched; without one (unknown, or not to be had) code stays plain. */
export function useHighlighter(id: string | undefined): Highlight | undefined {
  const [, setArrived] = useState(0);

  useEffect(() => {
    if (id === undefined || ready.has(id)) return;
    let mounted = true;
    fetched(id).then(() => {
      if (mounted) setArrived((count) => count + 1);
    });
    return () => {
      mounted = false;
    };
  }, [id]);

  return id === undefined ? undefined : ready.get(id);
}

/** Code that was fetched is shared by all code blocks of the panel; a language that failed is asked for again. */
const ready = new Map<string, Highlight>();
const underway = new Map<string, Promise<void>>();

function fetched(id: string): Promise<void> {
  const running = underway.get(id) ?? fetchHighlighter(id);
  underway.set(id, running);
  return running;
}

async function fetchHighlighter(id: string): Promise<void> {
  try {
    const [{ default: engine }, language] = await Promise.all([import("highlight.js/lib/core"), loadLanguage(id)]);
    if (language === undefined) return;
    engine.registerLanguage(id, language.default);
    ready.set(id, (code) => engine.highlight(code, { language: id, ignoreIllegals: true }).value);
  } catch (cause) {
    console.warn(`The colours of ${id} could not be loaded; code is shown without them.`, cause);
  } finally {
    underway.delete(id);
  }
}
