import { ApiError, errorBodySchema } from "../protocol/errors.ts";
import { UnreachableError } from "./unreachable.ts";

/** The error that a response stands for. A body that is not the contract's means that something else answered. */
export async function readRefusal(response: Response): Promise<ApiError | UnreachableError> {
  try {
    const { error } = errorBodySchema.parse(await response.json());
    const { code, message, reason } = error;
    return new ApiError(code, message, { retryAfter: readRetryAfter(response.headers), reason });
  } catch (cause) {
    return new UnreachableError(`Something at the server's address answered ${response.status}.`, { cause });
  }
}

/** Seconds; the form with a date (RFC 9110, section 10.2.3) is not one that our server sends. */
function readRetryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}
