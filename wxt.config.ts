import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "wxt";
import { EXTENSION_KEY } from "./lib/protocol/extension-id.ts";

export default defineConfig({
  imports: false,
  modules: ["@wxt-dev/module-react"],
  vite: () => ({ plugins: [tailwindcss()] }),
  manifest: ({ mode }) => ({
    name: "Sidestream",
    description: "Ask any model about the page you are on. An answer is never lost.",
    // Fixes the id, which the server's list of allowed origins names.
    key: EXTENSION_KEY,
    minimum_chrome_version: "120",
    permissions: ["activeTab", "scripting", "storage", "sidePanel", "alarms", "notifications", "contextMenus"],
    // In `--mode e2e` tests read pages that nobody granted by a click: a headless browser cannot accept the prompt.
    host_permissions: mode === "e2e" ? ["<all_urls>"] : ["http://127.0.0.1/*", "http://localhost/*"],
    optional_host_permissions: ["*://*/*"],
    action: { default_title: "Ask Sidestream" },
    commands: {
      _execute_action: { suggested_key: { default: "Alt+Shift+S" }, description: "Open the side panel" },
    },
    // `connect-src` stays open for the server's address, which the person chooses. Remote images need a click and then
    // come through `https:`. Named in full because the default of MV3 in Firefox upgrades http to https.
    content_security_policy: {
      extension_pages:
        "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; " +
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; font-src 'self' data:; " +
        "connect-src 'self' http: https:",
    },
  }),
});
