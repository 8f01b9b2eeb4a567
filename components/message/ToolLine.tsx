import type { ToolPart } from "../../lib/protocol/messages.ts";
import { Disclosure } from "../ui/Disclosure.tsx";
import { StateGlyph } from "../ui/StateGlyph.tsx";
import { oneLine, toolWords } from "./hostile-text.ts";
import { ToolArguments } from "./ToolArguments.tsx";
import { ToolResult } from "./ToolResult.tsx";
import { activityOf } from "./tool-words.ts";
import { durationWords, useElapsed } from "./use-elapsed.ts";

type ToolLineProps = {
  part: ToolPart;
  /** The title that the server gives the tool. */
  title?: string | undefined;
};

const STATE_WORDS = {
  running: "running",
  waiting: "waiting for you",
  done: "done",
  failed: "failed",
  denied: "not allowed",
} as const;

/** One tool call as one line: how it goes, what it is called, what it is doing, how long; opens to arguments and result. */
export function ToolLine({ part, title }: ToolLineProps) {
  const seconds = useElapsed(part.state === "running");
  const activity = activityOf(part);
  return (
    <Disclosure
      line={
        <>
          <StateGlyph state={part.state} />
          <span className="sr-only">{STATE_WORDS[part.state]}:</span>
          <span className="min-w-0 truncate">
            <span className="text-ink">{title === undefined ? toolWords(part.tool) : oneLine(title, 80)}</span>
            {activity !== "" && <span className={part.state === "failed" ? "text-danger" : ""}> · {activity}</span>}
          </span>
        </>
      }
      {...(part.state === "running" && seconds >= 2 && { aside: durationWords(seconds) })}
    >
      {() => (
        <div className="flex flex-col gap-3">
          <p className="text-muted text-small">
            {oneLine(part.tool, 80)} on {oneLine(part.server, 80)}
          </p>
          <ToolArguments args={part.args} />
          <ToolResult part={part} />
        </div>
      )}
    </Disclosure>
  );
}
