import * as z from "zod";

/** What the script in the page hands over to the background: a boundary, because the page is not ours. */
export const extractionSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("extracted"),
    from: z.enum(["page", "selection"]),
    url: z.string(),
    title: z.string(),
    /** Markdown, or plain text where that failed. */
    text: z.string(),
    truncated: z.boolean(),
  }),
  z.object({ status: z.literal("unreadable"), reason: z.enum(["pdf", "empty", "broken"]) }),
]);
export type Extraction = z.infer<typeof extractionSchema>;
