import type { Plugin } from "vite";

const CLERK = /node_modules\/@clerk\/|\/lib\/auth\/clerk\//;
const BACKGROUND = /\/entrypoints\/background\//;
/** The one file that imports lib/auth/clerk. */
const IDENTITY = /\/entrypoints\/background\/identity\.ts$/;

/**
 * Keeps Clerk where it may be: in the background of a build that has a publishable key. Without a key the file that imports
 * it is replaced, because a bundler keeps of an unused import whatever might have an effect. Then it looks at what came
 * of it, and fails the build when a panel would load Clerk, or anything of it is left.
 */
export function boundClerk({ hasKey }: { hasKey: boolean }): Plugin {
  return {
    name: "bound-clerk",
    enforce: "pre",
    load: {
      filter: { id: IDENTITY },
      handler: () => (hasKey ? null : "export function createIdentity() { return undefined; }"),
    },
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const files = Object.entries(chunk.modules).flatMap(([id, code]) => (code.renderedLength > 0 ? [id] : []));
        const found = files.find((id) => CLERK.test(id));
        if (found === undefined || (hasKey && files.some((id) => BACKGROUND.test(id)))) continue;
        this.error(`${found} may not be in ${chunk.fileName}: only entrypoints/background/identity.ts imports it`);
      }
    },
  };
}
