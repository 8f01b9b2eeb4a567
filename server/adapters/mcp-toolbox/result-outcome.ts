import * as z from "zod";
import type { ToolContent } from "../../../lib/protocol/messages.ts";
import type { ToolOutcome } from "../../ports/toolbox.ts";
import { cutText } from "./cut-text.ts";

/** What one result must not exceed: it is logged, saved, sent to every device and given to the model. */
export const RESULT_LIMITS = {
  /** UTF-16 units of all text and JSON together; notes of cuts come on top. */
  textCharacters: 50_000,
  /** Bytes of all images together. */
  imageBytes: 4 * 1024 * 1024,
  parts: 50,
  errorCharacters: 1_000,
} as const;

/** The form of a tools/call result as far as we rely on it; its parts are read one by one, so one bad part harms no other. */
export const resultSchema = z.object({
  content: z.array(z.unknown()).catch([]).default([]),
  structuredContent: z.record(z.string(), z.unknown()).optional().catch(undefined),
  isError: z.boolean().catch(true).default(false),
});
type CallResult = z.infer<typeof resultSchema>;

/** A tool's result as our content, within the limits and with a visible note for all that was left out. */
export function outcomeOfResult(result: CallResult): ToolOutcome {
  const parts = piecesOf(result);
  const room: Room = { text: RESULT_LIMITS.textCharacters, imageBytes: RESULT_LIMITS.imageBytes };
  const fits = parts.length <= RESULT_LIMITS.parts;
  const shown = fits ? parts : parts.slice(0, RESULT_LIMITS.parts - 1);
  const content = shown.map((part) => withinRoom(part, room));
  if (!fits) content.push(textOf(`… cut: ${shown.length} of ${parts.length} parts shown`));
  return result.isError ? { ok: false, content, error: errorOf(content) } : { ok: true, content };
}

/** What is left for the parts to come. */
type Room = { text: number; imageBytes: number };

const textSchema = z.object({ type: z.literal("text"), text: z.string() });
const imageSchema = z.object({ type: z.literal("image"), data: z.string(), mimeType: z.string() });
const audioSchema = z.object({ type: z.literal("audio"), mimeType: z.string() });
const linkSchema = z.object({
  type: z.literal("resource_link"),
  uri: z.string(),
  name: z.string().default(""),
  description: z.string().default(""),
});
const resourceSchema = z.object({
  type: z.literal("resource"),
  resource: z.object({
    uri: z.string(),
    mimeType: z.string().default("no type given"),
    text: z.string().optional(),
    blob: z.string().optional(),
  }),
});
const pieceSchema = z.discriminatedUnion("type", [textSchema, imageSchema, audioSchema, linkSchema, resourceSchema]);

function piecesOf({ content, structuredContent }: CallResult): ToolContent[] {
  const pieces = content.map(pieceOf);
  if (structuredContent === undefined) return pieces;
  // Servers repeat structured content as a text for older clients (MCP 2025-06-18, tools); once is enough for a model.
  const repeated = JSON.stringify(structuredContent);
  const rest = pieces.filter((piece) => piece.type !== "text" || normalized(piece.text) !== repeated);
  return [...rest, { type: "json", json: structuredContent }];
}

function pieceOf(value: unknown): ToolContent {
  const parsed = pieceSchema.safeParse(value);
  if (!parsed.success) return textOf("[a part of a kind that Sidestream does not know is left out]");
  const piece = parsed.data;
  switch (piece.type) {
    case "text":
      return textOf(piece.text);
    case "image":
      return { type: "image", mimeType: piece.mimeType, data: piece.data };
    case "audio":
      return textOf(`[audio is left out: ${piece.mimeType}]`);
    case "resource_link":
      return textOf(`[link to a resource: ${[piece.name, piece.uri, piece.description].filter(Boolean).join(" · ")}]`);
    case "resource": {
      const { uri, mimeType, text } = piece.resource;
      const note = `[resource: ${uri} (${mimeType})${text === undefined ? ", its bytes are left out" : ""}]`;
      return textOf(text === undefined ? note : `${note}\n${text}`);
    }
  }
}

function withinRoom(part: ToolContent, room: Room): ToolContent {
  if (part.type === "image") return imageWithinRoom(part, room);
  const text = part.type === "json" ? JSON.stringify(part.json) : part.text;
  const limit = room.text;
  room.text = Math.max(0, room.text - text.length);
  // JSON that is cut is no JSON any more.
  return text.length <= limit ? part : textOf(cutText(text, limit));
}

function imageWithinRoom(image: Extract<ToolContent, { type: "image" }>, room: Room): ToolContent {
  const bytes = Math.floor((image.data.length * 3) / 4);
  const size = `${image.mimeType}, ${(bytes / 1024 / 1024).toFixed(1)} MB`;
  if (!IMAGE_TYPES.has(image.mimeType)) return textOf(`[an image is left out: ${image.mimeType} cannot be shown]`);
  if (bytes > room.imageBytes) {
    return textOf(
      `[an image is left out: ${size}; the images of a result may have ${RESULT_LIMITS.imageBytes / 1024 / 1024} MB]`,
    );
  }
  if (!BASE64.test(image.data)) return textOf("[an image is left out: its data is not base64]");
  room.imageBytes -= bytes;
  return image;
}

/** Raster images only: an SVG can hold script. */
const IMAGE_TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

function errorOf(content: readonly ToolContent[]): string {
  const text = content
    .flatMap((part) => (part.type === "text" ? [part.text] : []))
    .join("\n")
    .trim();
  return text === "" ? "The tool failed and did not say why." : cutText(text, RESULT_LIMITS.errorCharacters);
}

function textOf(text: string): ToolContent {
  return { type: "text", text };
}

/** The JSON of a text that is JSON, without its white space. */
function normalized(text: string): string | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}
