import type { Logger } from "pino";
import { ApiError, type ErrorBody, STATUS_BY_CODE } from "../../lib/protocol/errors.ts";
import type { HttpContext } from "../routes/http-env.ts";

/** The one place that turns errors into answers: causes go to the log, codes and messages for the person to the client. */
export function answerErrors(options: { logger: Logger }) {
  return (thrown: Error, c: HttpContext): Response => {
    const error = thrown instanceof ApiError ? thrown : internalError(thrown);
    const requestId = c.get("requestId");
    if (STATUS_BY_CODE[error.code] >= 500) {
      options.logger.error({ requestId, code: error.code, err: error.cause ?? error }, "request failed");
    }
    const retryAfter = retryAfterOf(error);
    if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
    if (error.code === "unauthorized") c.header("WWW-Authenticate", "Bearer");
    return c.json(errorBody(error, requestId), STATUS_BY_CODE[error.code]);
  };
}

/** The body of an answer that is not a success. */
export function errorBody(error: ApiError, requestId: string): ErrorBody {
  const { code, message, reason } = error;
  return { error: { code, message, requestId, ...(reason && { reason }) } };
}

function internalError(cause: Error): ApiError {
  return new ApiError("internal", "Something went wrong in the server. Its log has the details.", { cause });
}

/** Seconds; 429 and 503 always carry one. */
function retryAfterOf(error: ApiError): number | undefined {
  const status = STATUS_BY_CODE[error.code];
  return error.retryAfter ?? (status === 429 || status === 503 ? 5 : undefined);
}
