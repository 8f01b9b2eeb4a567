import { ApiError } from "../../lib/protocol/errors.ts";

/** The cursor of a page of a store: where the page's last row stands in the order, as whatever JSON the store knows it by. */
export function encodePlace(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** Reads what `encodePlace` made. Fails with `bad_request` for anything else, which `parse` throws at. */
export function decodePlace<Place>(cursor: string, parse: (place: unknown) => Place): Place {
  try {
    return parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch (cause) {
    throw unknownCursor(cause);
  }
}

/** A cursor that this store did not give, or gives no more. */
export function unknownCursor(cause?: unknown): ApiError {
  return new ApiError("bad_request", "This cursor is not known here: start again without it.", { cause });
}
