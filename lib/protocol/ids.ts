import * as z from "zod";

/** A UUIDv7 (RFC 9562, section 5.7) in lower case: ids of conversations, messages and turns, made by whoever creates them. */
export const idSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, "must be a UUIDv7 in lower case");

/** An ISO 8601 time in UTC. */
export const timeSchema = z.iso.datetime();
