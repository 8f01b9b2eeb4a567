import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { BrowserName } from "./build.ts";

/** What is looked for and installed, and how a person is told of it. */
type Program = {
  title: string;
  /** The environment variable that names the program's path. */
  variable: string;
  debianPackage: string;
  /** In the order in which they are taken. */
  linux: readonly string[];
  darwin: readonly string[];
  /** Under the folders of programs. */
  win32: readonly string[];
  howToInstall: Partial<Record<NodeJS.Platform, string>>;
};

const PROGRAMS = {
  chrome: {
    title: "Chromium or Chrome",
    variable: "CHROME_PATH",
    debianPackage: "chromium",
    // Chromium comes first: it is nobody's everyday browser with a window that is open already.
    linux: ["chromium", "chromium-browser", "google-chrome-for-testing", "google-chrome-stable", "google-chrome"],
    darwin: ["Chromium", "Google Chrome for Testing", "Google Chrome"],
    win32: ["Chromium\\Application\\chrome.exe", "Google\\Chrome\\Application\\chrome.exe"],
    howToInstall: {
      darwin: "brew install --cask chromium",
      win32: "https://www.chromium.org/getting-involved/download-chromium",
      linux:
        "sudo apt-get install chromium (Debian), sudo dnf install chromium (Fedora), snap install chromium (Ubuntu)",
    },
  },
  firefox: {
    title: "Firefox",
    variable: "FIREFOX_PATH",
    debianPackage: "firefox-esr",
    linux: ["firefox-esr", "firefox"],
    darwin: ["Firefox", "Firefox Developer Edition"],
    win32: ["Mozilla Firefox\\firefox.exe", "Firefox Developer Edition\\firefox.exe"],
    howToInstall: {
      darwin: "brew install --cask firefox",
      win32: "https://www.mozilla.org/firefox",
      linux:
        "sudo apt-get install firefox-esr (Debian), sudo dnf install firefox (Fedora), snap install firefox (Ubuntu)",
    },
  },
} satisfies Record<BrowserName, Program>;

/**
 * The path of the browser: what its variable names (CHROME_PATH, FIREFOX_PATH), or the usual names and places. Where
 * there is none, Debian's package is installed if this process may do so; else fails with a sentence that says what to
 * install.
 */
export function ensureBrowser(say: (line: string) => void, name: BrowserName = "chrome"): string {
  const program: Program = PROGRAMS[name];
  const found = findBrowser(program);
  if (found !== undefined) return found;
  if (!mayInstall()) throw new Error(howToInstall(program));
  say(`No ${program.title} found: installing Debian's package (apt-get install ${program.debianPackage}) ...`);
  installWithApt(program);
  const installed = findBrowser(program);
  if (installed === undefined) throw new Error(howToInstall(program));
  return installed;
}

function findBrowser(program: Program): string | undefined {
  const named = process.env[program.variable];
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return named;
    throw new Error(`${program.variable} is ${named}, which is not a program: correct it or unset it.`);
  }
  return candidates(program).find(isExecutable);
}

function candidates(program: Program): string[] {
  if (process.platform === "darwin") {
    return program.darwin.map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name.replace(/^Firefox.*/, "firefox")}`,
    );
  }
  if (process.platform === "win32") {
    const roots = ["LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"].flatMap((name) => process.env[name] ?? []);
    return program.win32.flatMap((place) => roots.map((root) => join(root, place)));
  }
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/snap/bin"];
  return program.linux.flatMap((name) => folders.filter(isAbsolute).map((folder) => join(folder, name)));
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

function installWithApt(program: Program): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const words of [["update"], ["install", "--yes", "--no-install-recommends", program.debianPackage]]) {
    const result = spawnSync("apt-get", ["-qq", ...words], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (result.status !== 0) {
      const reason = `${result.stdout}${result.stderr}`.slice(-2_000);
      throw new Error(`apt-get ${words.join(" ")} failed. ${howToInstall(program)}\n${reason}`);
    }
  }
}

function howToInstall({ title, variable, howToInstall: ways }: Program): string {
  const way = ways[process.platform] ?? "your system's package of it";
  return `No ${title} was found. Install it: ${way}. Or set ${variable} to the program.`;
}
