import * as z from "zod";
import { ApiError } from "../../../lib/protocol/errors.ts";

/** What SQLite refuses (locked, full, read-only, closed) is `unavailable`; everything else is left as it is. */
export function asApiError(error: unknown): unknown {
  if (!sqliteError.safeParse(error).success) return error;
  return new ApiError("unavailable", "The history cannot be reached right now.", { cause: error, retryAfter: 1 });
}

/** ERR_INVALID_STATE: the database or a statement of it is closed. */
const sqliteError = z.object({ code: z.enum(["ERR_SQLITE_ERROR", "ERR_INVALID_STATE"]) });
