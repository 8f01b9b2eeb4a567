import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/**
 * The path of a Chromium or Chrome: CHROME_PATH, or the usual names and places. Where there is none, Debian's package
 * is installed if this process may do so; else fails with a sentence that says what to install.
 */
export function ensureBrowser(say: (line: string) => void): string {
  const found = findBrowser();
  if (found !== undefined) return found;
  if (!mayInstall()) throw new Error(howToInstall());
  say("No Chromium found: installing Debian's package (apt-get install chromium) ...");
  installWithApt();
  const installed = findBrowser();
  if (installed === undefined) throw new Error(howToInstall());
  return installed;
}

function findBrowser(): string | undefined {
  const named = process.env.CHROME_PATH;
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return named;
    throw new Error(`CHROME_PATH is ${named}, which is not a program: correct it or unset it.`);
  }
  return candidates().find(isExecutable);
}

/** Chromium comes first: it is nobody's everyday browser with a window that is open already. */
function candidates(): string[] {
  if (process.platform === "darwin") {
    return ["Chromium", "Google Chrome for Testing", "Google Chrome"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform === "win32") {
    const roots = ["LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"].flatMap((name) => process.env[name] ?? []);
    const places = ["Chromium\\Application\\chrome.exe", "Google\\Chrome\\Application\\chrome.exe"];
    return places.flatMap((place) => roots.map((root) => join(root, place)));
  }
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/snap/bin"];
  const names = ["chromium", "chromium-browser", "google-chrome-for-testing", "google-chrome-stable", "google-chrome"];
  return names.flatMap((name) => folders.filter(isAbsolute).map((folder) => join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function mayInstall(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get") && isDebian();
}

/** Debian or one of its own: Ubuntu's chromium package only leads to a snap, which apt-get reports by itself. */
function isDebian(): boolean {
  return (
    existsSync("/etc/os-release") && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"))
  );
}

function installWithApt(): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const words of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
    const result = spawnSync("apt-get", ["-qq", ...words], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (result.status !== 0) {
      const reason = `${result.stdout}${result.stderr}`.slice(-2_000);
      throw new Error(`apt-get ${words.join(" ")} failed. ${howToInstall()}\n${reason}`);
    }
  }
}

function howToInstall(): string {
  const ways: Partial<Record<NodeJS.Platform, string>> = {
    darwin: "brew install --cask chromium",
    win32: "https://www.chromium.org/getting-involved/download-chromium",
    linux: "sudo apt-get install chromium (Debian), sudo dnf install chromium (Fedora), snap install chromium (Ubuntu)",
  };
  const way = ways[process.platform] ?? "your system's package of Chromium";
  return `No Chromium or Chrome was found. Install one: ${way}. Or set CHROME_PATH to the program.`;
}
