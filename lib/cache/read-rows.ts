import type * as z from "zod";

/** The rows that have their form; one that an older version wrote otherwise is left out. */
export function readRows<T>(schema: z.ZodType<T>, rows: readonly unknown[]): T[] {
  return rows.flatMap((row) => {
    const parsed = schema.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
}
