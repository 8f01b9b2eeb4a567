import { useState } from "react";
import { Button } from "./Button.tsx";

const STEP = 100_000;

type ClippedTextProps = {
  text: string;
  className?: string;
  /** UTF-16 units that are shown without being asked for. */
  first?: number;
};

/**
 * Text as it is, of any length: the browser lays out only what the person asked to see, because one line of a megabyte
 * takes it seconds.
 */
export function ClippedText({ text, className = "", first = 8_000 }: ClippedTextProps) {
  const [shown, setShown] = useState(first);
  const rest = text.length - shown;
  return (
    <>
      <div dir="auto" className={`whitespace-pre-wrap [overflow-wrap:anywhere] ${className}`}>
        {rest > 0 ? text.slice(0, shown) : text}
      </div>
      {rest > 0 && (
        <Button className="mt-2" onClick={() => setShown(shown + STEP)}>
          Show more ({rest.toLocaleString("en")} characters left)
        </Button>
      )}
    </>
  );
}
