import type { UserManifest } from "wxt";
import { EXTENSION_KEY } from "../../lib/protocol/extension-id.ts";
import type { BuildSettings } from "./build-settings.ts";

/** `e2e` is for tests in a browser that cannot be asked, `store` for the zip that the Chrome Web Store takes. */
type Build = { browser: string; mode: string };

/** The extension's manifest, but for what WXT derives from entrypoints/ (background, side panel or sidebar, icons). */
export function extensionManifest({ browser, mode }: Build, settings: BuildSettings): UserManifest {
  return {
    name: "Sidestream",
    description: "Ask any model about the page you are on. An answer is never lost.",
    permissions: [
      ...["activeTab", "scripting", "storage", "alarms", "notifications", "contextMenus"],
      ...(settings.hasGoogle ? ["identity"] : []),
    ],
    // In `--mode e2e` tests read pages that nobody granted by a click: a headless browser cannot accept the prompt.
    host_permissions: mode === "e2e" ? ["<all_urls>"] : ownHosts(settings),
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
    ...(browser === "firefox" ? forFirefox(settings) : forChrome(mode)),
  };
}

/** The hosts that the background asks without a web page's restrictions. A pattern names no port: it means all of them. */
function ownHosts({ clerkHost, serverOrigin }: BuildSettings): string[] {
  const hosts = ["http://127.0.0.1/*", "http://localhost/*"];
  if (serverOrigin !== undefined) hosts.push(patternOf(serverOrigin));
  if (clerkHost !== undefined) hosts.push(patternOf(`https://${clerkHost}`));
  return [...new Set(hosts)];
}

function patternOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/**
 * The key fixes the id, which the server's list of allowed origins names. The Chrome Web Store refuses a manifest with
 * one and makes a key of its own: put that (Developer Dashboard, Package, View public key) into
 * lib/protocol/extension-id.ts after the first upload, so that the published extension and every other build have one id.
 */
function forChrome(mode: string): UserManifest {
  return { ...(mode !== "store" && { key: EXTENSION_KEY }), minimum_chrome_version: "120" };
}

/**
 * Firefox has no key: its pages get another origin at each installation. What leaves the browser for the person's server
 * and the model behind it is named to who installs: questions, page text and addresses, and who they are where they sign
 * in. 153 is the oldest Firefox that still gets updates.
 */
function forFirefox({ clerkHost }: BuildSettings): UserManifest {
  const always = ["authenticationInfo", "browsingActivity", "personalCommunications", "websiteContent"];
  const required = clerkHost === undefined ? always : [...always, "personallyIdentifyingInfo"];
  const gecko = {
    id: "sidestream@sidestream.example",
    strict_min_version: "153.0",
    data_collection_permissions: { required },
  };
  return { browser_specific_settings: { gecko } };
}
