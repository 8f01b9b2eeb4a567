import type { ToolContent, ToolPart } from "../../lib/protocol/messages.ts";
import { ClippedText } from "../ui/ClippedText.tsx";
import { DataImage } from "./DataImage.tsx";
import { withHiddenShown } from "./hostile-text.ts";
import { DETAIL_TEXT, Detail } from "./ToolArguments.tsx";
import { asJson } from "./tool-words.ts";

/** What a call gave back, or why it gave nothing. */
export function ToolResult({ part }: { part: ToolPart }) {
  const { content = [], error, state } = part;
  if (state === "running" || state === "waiting") return null;
  return (
    <>
      {error !== undefined && (
        <Detail name={state === "denied" ? "Not allowed" : "Error"}>
          <ClippedText text={withHiddenShown(error)} className={state === "denied" ? "" : "text-danger"} />
        </Detail>
      )}
      {(content.length > 0 || error === undefined) && (
        <Detail name="Result">
          {content.length === 0 && <p className="text-muted">Nothing was returned.</p>}
          <div className="flex flex-col gap-2">
            {content.map((piece, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a result never move
              <Piece key={index} piece={piece} />
            ))}
          </div>
        </Detail>
      )}
    </>
  );
}

function Piece({ piece }: { piece: ToolContent }) {
  switch (piece.type) {
    case "text":
      return <ClippedText text={withHiddenShown(piece.text)} className={DETAIL_TEXT} />;
    case "json":
      return <ClippedText text={withHiddenShown(asJson(piece.json))} className={DETAIL_TEXT} />;
    case "image":
      return <DataImage mimeType={piece.mimeType} data={piece.data} alt="Image from the tool" />;
  }
}
