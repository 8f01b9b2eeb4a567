import type * as z from "zod";
import { CATALOGUE, type ReplyOf, type RequestName, type RequestOf } from "./catalogue.ts";

type Schemas = {
  readonly [N in RequestName]: { request: z.ZodType<RequestOf<N>>; reply: z.ZodType<ReplyOf<N>> };
};

/** The catalogue in a form in which the compiler keeps the bond between a request's name and its types. */
export const SCHEMAS: Schemas = CATALOGUE;
