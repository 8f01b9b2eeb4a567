import { v } from "convex/values";
import { internalMutation } from "./_generated/server.js";

/** Proves that the functions are deployed, that the key reaches them and that mutations run. It touches no row. */
export const check = internalMutation({ args: {}, returns: v.null(), handler: async () => null });
