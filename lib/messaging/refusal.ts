import * as z from "zod";
import { ApiError } from "../protocol/errors.ts";

/** What a panel is told when its request failed. `code` is one of the server's, `unreachable` or `bad_request`. */
export type Refusal = { code: string; message: string };

/** A failed request of a panel. `message` is a sentence for the person. */
export class RefusedError extends Error {
  readonly code: string;

  constructor({ code, message }: Refusal, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "RefusedError";
    this.code = code;
  }
}

/** What the panel is told of an error: the cause stays in the background's console. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof RefusedError || error instanceof ApiError) return { code: error.code, message: error.message };
  if (error instanceof z.ZodError) return { code: "bad_request", message: "The panel sent something malformed." };
  return { code: "internal", message: "Something in the extension failed. Close the panel and open it again." };
}
