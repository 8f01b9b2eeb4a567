import * as z from "zod";
import { isLoopback } from "./loopback.ts";

/** Which Convex deployment keeps the history, and the key that opens it. */
export type ConvexConfig = { url: string; deployKey: string };

/** Convex's part of a configuration without faults; undefined when SQLite keeps the history. */
export function convexConfigOf(variables: {
  CONVEX_URL?: string | undefined;
  CONVEX_DEPLOY_KEY?: string | undefined;
}): ConvexConfig | undefined {
  const { CONVEX_URL: url, CONVEX_DEPLOY_KEY: deployKey } = variables;
  return url === undefined || deployKey === undefined ? undefined : { url, deployKey };
}

/** What is missing beside the other variable. */
export function convexFaults(given: Readonly<Record<string, string | undefined>>): string[] {
  const { CONVEX_URL: url, CONVEX_DEPLOY_KEY: key } = given;
  if (url !== undefined && key === undefined) {
    return [
      "CONVEX_DEPLOY_KEY: is missing beside CONVEX_URL; the deployment's settings in the Convex dashboard make one",
    ];
  }
  if (url === undefined && key !== undefined) {
    return ["CONVEX_URL: is missing beside CONVEX_DEPLOY_KEY; it is the deployment's address, https://….convex.cloud"];
  }
  return [];
}

const URL_FORM = "must be the https address of a Convex deployment (http on this machine only), without a path";

export const convexFields = {
  CONVEX_URL: z
    .string()
    .refine(isDeploymentAddress, URL_FORM)
    .transform((value) => new URL(value).origin)
    .optional(),
  CONVEX_DEPLOY_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "must be of visible ASCII characters without spaces")
    .optional(),
};

/** The key goes there with every call: in clear text only to this machine. */
function isDeploymentAddress(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || url.pathname !== "/" || `${url.search}${url.hash}${url.username}` !== "") return false;
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(host));
}
