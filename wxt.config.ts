import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "wxt";
import { buildConstants, readBuildSettings } from "./scripts/extension/build-settings.ts";
import { boundClerk } from "./scripts/extension/clerk-bounds.ts";
import { trimClerk } from "./scripts/extension/clerk-in-build.ts";
import { extensionManifest } from "./scripts/extension/manifest.ts";
import { rewriteThirdPartyCode } from "./scripts/extension/third-party-code.ts";

export default defineConfig({
  imports: false,
  modules: ["@wxt-dev/module-react"],
  vite: () => {
    const settings = readBuildSettings(process.env);
    return {
      define: buildConstants(settings),
      plugins: [
        tailwindcss(),
        rewriteThirdPartyCode(),
        trimClerk(),
        boundClerk({ hasKey: settings.publishableKey !== undefined }),
      ],
    };
  },
  // So that builds can lie side by side: see scripts/build.ts.
  outDirTemplate: `{{browser}}-mv{{manifestVersion}}{{modeSuffix}}${process.env.BUILD_FOLDER_SUFFIX ?? ""}`,
  manifest: (build) => extensionManifest(build, readBuildSettings(process.env)),
  zip: {
    artifactTemplate: "{{name}}-{{packageVersion}}-{{browser}}.zip",
    sourcesTemplate: "{{name}}-{{packageVersion}}-sources.zip",
    // For the reviewers of addons.mozilla.org: what `npm run build:firefox` needs, and nothing else.
    includeSources: [
      "{components,entrypoints,lib,public}/**",
      "scripts/{build,run-tool,zip}.ts",
      "scripts/run.mjs",
      "scripts/extension/**",
      "wxt.config.ts",
      "{package,package-lock,tsconfig,server/tsconfig}.json",
      "{LICENSE,README.md}",
    ],
  },
});
