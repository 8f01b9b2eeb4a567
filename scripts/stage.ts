import type { BrowserName } from "./build.ts";
import { openChromiumStage } from "./chromium-stage.ts";
import { openFirefoxStage } from "./firefox-stage.ts";
import type { Pairing } from "./pair.ts";

/** A headless browser on the sample article with the real panel beside it, used by the controls that a person uses. */
export type Stage = {
  /** Attaches the page and asks. Resolves when the question is sent, with a wait for the whole answer to be shown. */
  ask(question: string): Promise<() => Promise<void>>;
  /** A picture (PNG) of the panel from the question on. */
  picture(): Promise<Buffer>;
  close(): Promise<void>;
};

export type StageOptions = {
  executablePath: string;
  extensionDir: string;
  /** Removed by whoever named it. */
  profileDir: string;
  /** The address of the sample article. */
  url: string;
  pairing: Pairing;
};

export const STAGES: Readonly<Record<BrowserName, (options: StageOptions) => Promise<Stage>>> = {
  chrome: openChromiumStage,
  firefox: openFirefoxStage,
};
