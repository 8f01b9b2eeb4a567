import { createPublicKey, type KeyObject } from "node:crypto";
import * as z from "zod";
import { isOrigin } from "./is-origin.ts";
import { isLoopback } from "./loopback.ts";

/** What Clerk's tokens are checked with; all of it comes from configuration, nothing from a token. */
export type ClerkConfig = {
  /** The `iss` of every token, without a slash at its end. */
  issuer: string;
  /** The key itself, or the address of the issuer's key set. */
  key: KeyObject | URL;
  /** Origins that `azp` may name. */
  authorizedParties: readonly string[];
};

type ClerkVariables = {
  CLERK_ISSUER?: string | undefined;
  CLERK_JWT_KEY?: KeyObject | undefined;
  CLERK_JWKS_URL?: URL | undefined;
  CLERK_AUTHORIZED_PARTIES?: readonly string[] | undefined;
};

/** Whether sign-in with Clerk is asked for. Any name of Clerk's counts: a misspelled one must not mean local auth. */
export function wantsClerk(given: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(given).some((name) => name.startsWith("CLERK_"));
}

/** Clerk's part of a configuration without faults; undefined with local auth. */
export function clerkConfigOf(variables: ClerkVariables): ClerkConfig | undefined {
  const { CLERK_ISSUER: issuer, CLERK_AUTHORIZED_PARTIES: authorizedParties } = variables;
  const key = variables.CLERK_JWT_KEY ?? variables.CLERK_JWKS_URL;
  return issuer === undefined || key === undefined || authorizedParties === undefined
    ? undefined
    : { issuer, key, authorizedParties };
}

/** What is missing, or does not go together with Clerk or without it. */
export function clerkFaults(given: Readonly<Record<string, string | undefined>>): string[] {
  const host = given.HOST ?? "127.0.0.1";
  if (!wantsClerk(given)) {
    return isLoopback(host)
      ? []
      : ["HOST: must be a loopback address (127.0.0.1, ::1 or localhost): local pairing is for this machine only"];
  }
  const faults: string[] = [];
  if (given.CLERK_ISSUER === undefined) {
    faults.push(
      "CLERK_ISSUER: is missing; it is the Frontend API address of the Clerk instance, the iss of its tokens",
    );
  }
  if (given.CLERK_JWT_KEY === undefined && given.CLERK_JWKS_URL === undefined) {
    faults.push("CLERK_JWT_KEY: is missing; give the instance's public key in PEM, or CLERK_JWKS_URL instead");
  }
  if (given.CLERK_JWT_KEY !== undefined && given.CLERK_JWKS_URL !== undefined) {
    faults.push("CLERK_JWKS_URL: is given together with CLERK_JWT_KEY; keep one of the two");
  }
  if (given.CLERK_AUTHORIZED_PARTIES === undefined) {
    faults.push(`CLERK_AUTHORIZED_PARTIES: is missing; ${PARTIES_FORM}`);
  }
  if (given.LOCAL_TOKEN !== undefined) {
    faults.push("LOCAL_TOKEN: does not go together with Clerk, which alone says who may call; remove it");
  }
  return faults;
}

const PARTIES_FORM =
  "list the origins that tokens are made for, divided by commas: chrome-extension://<id> for Chrome, moz-extension://* for Firefox, where each install has an id of its own";

/** One that can be trusted to be answered by whom it names: https, or this machine. */
const trustedAddress = z.string().transform((value, context) => {
  const url = URL.parse(value);
  const fault = faultOfAddress(url);
  if (url !== null && fault === undefined) return url;
  context.addIssue({ code: "custom", message: fault ?? "is not an address" });
  return z.NEVER;
});

function faultOfAddress(url: URL | null): string | undefined {
  if (url === null) return "is not an address";
  const isLocal = url.protocol === "http:" && isLoopback(url.hostname.replace(/^\[|\]$/g, ""));
  if (url.protocol !== "https:" && !isLocal) return "must be an https address (http is for this machine only)";
  return url.username + url.password + url.hash === "" ? undefined : "must be an address without name, password and #";
}

/** As tokens write it, compared to the character: an origin, or one with a path, without a slash at its end. */
const issuerSchema = trustedAddress.transform((url, context) => {
  if (url.search !== "") context.addIssue({ code: "custom", message: "must be an address without ?" });
  return url.href.replace(/\/+$/, "");
});

const publicKeySchema = z.string().transform((value, context) => {
  const key = readPublicKey(value);
  if (typeof key !== "string") return key;
  context.addIssue({ code: "custom", message: key });
  return z.NEVER;
});

/** The key, or what is wrong with it, without a word of its text. */
function readPublicKey(text: string): KeyObject | string {
  // `.env` files and dashboards write the line breaks of a PEM as \n, or as spaces.
  const [, label = "", body = ""] =
    /^-----BEGIN ([A-Z ]+)-----(.+)-----END \1-----$/s.exec(text.replaceAll("\\n", "\n").trim()) ?? [];
  if (label.includes("PRIVATE KEY")) return "is a private key; the public one is asked for";
  if (label !== "PUBLIC KEY" && label !== "RSA PUBLIC KEY") {
    return "is not a public key in PEM: it begins with -----BEGIN PUBLIC KEY----- and ends with -----END PUBLIC KEY-----";
  }
  const lines = body.replace(/\s+/g, "").match(/.{1,64}/g) ?? [];
  try {
    const key = createPublicKey(`-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === "rsa" && bits >= 2048 ? key : "is not an RSA key of 2048 bits or more";
  } catch (error) {
    return `is not a public key in PEM that can be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** Entries are origins; `moz-extension://*` stands for the extension in any Firefox. */
const partiesSchema = z.string().transform((value, context) => {
  const parties = value.split(",").map((text) => text.trim());
  for (const party of parties.filter((text) => text !== ANY_FIREFOX && !isOrigin(text))) {
    context.addIssue({ code: "custom", message: `${PARTIES_FORM}; "${party}" is none` });
  }
  return parties;
});

const ANY_FIREFOX = "moz-extension://*";

/** Clerk's fields of the environment. */
export const clerkFields = {
  CLERK_ISSUER: issuerSchema.optional(),
  CLERK_JWT_KEY: publicKeySchema.optional(),
  CLERK_JWKS_URL: trustedAddress.optional(),
  CLERK_AUTHORIZED_PARTIES: partiesSchema.optional(),
};
