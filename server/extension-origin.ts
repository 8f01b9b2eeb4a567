import { EXTENSION_ID } from "../lib/protocol/extension-id.ts";

/** What Chrome sends as `Origin` for requests of our extension; the id is fixed by the key in its manifest. */
export const EXTENSION_ORIGIN = `chrome-extension://${EXTENSION_ID}`;
