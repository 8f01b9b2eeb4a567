/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";
import type * as activity from "../activity.js";
import type * as answers from "../answers.js";
import type * as bodies from "../bodies.js";
import type * as changes from "../changes.js";
import type * as contents from "../contents.js";
import type * as conversations from "../conversations.js";
import type * as messages from "../messages.js";
import type * as ownership from "../ownership.js";
import type * as people from "../people.js";
import type * as readiness from "../readiness.js";
import type * as search from "../search.js";
import type * as shown from "../shown.js";
import type * as sweeping from "../sweeping.js";
import type * as titles from "../titles.js";
import type * as turns from "../turns.js";
import type * as validators from "../validators.js";

/**
 * A utility for referencing Convex functions in your app's API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
declare const fullApi: ApiFromModules<{
  activity: typeof activity;
  answers: typeof answers;
  bodies: typeof bodies;
  changes: typeof changes;
  contents: typeof contents;
  conversations: typeof conversations;
  messages: typeof messages;
  ownership: typeof ownership;
  people: typeof people;
  readiness: typeof readiness;
  search: typeof search;
  shown: typeof shown;
  sweeping: typeof sweeping;
  titles: typeof titles;
  turns: typeof turns;
  validators: typeof validators;
}>;
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;
