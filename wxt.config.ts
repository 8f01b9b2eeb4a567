import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "wxt";
import { trimClerk } from "./clerk-in-build.ts";
import { extensionManifest } from "./manifest.ts";
import { rewriteThirdPartyCode } from "./third-party-code.ts";

export default defineConfig({
  imports: false,
  modules: ["@wxt-dev/module-react"],
  vite: () => ({ plugins: [tailwindcss(), rewriteThirdPartyCode(), trimClerk()] }),
  manifest: extensionManifest,
  zip: {
    artifactTemplate: "{{name}}-{{packageVersion}}-{{browser}}.zip",
    sourcesTemplate: "{{name}}-{{packageVersion}}-sources.zip",
    // For the reviewers of addons.mozilla.org: what `npm run build:firefox` needs, and nothing else.
    includeSources: [
      "{components,entrypoints,lib,public}/**",
      "scripts/{build,run-tool,zip}.ts",
      "scripts/run.mjs",
      "{clerk-in-build,manifest,third-party-code,wxt.config}.ts",
      "{package,package-lock,tsconfig}.json",
      "{LICENSE,README.md}",
    ],
  },
});
