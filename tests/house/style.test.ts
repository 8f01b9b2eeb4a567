import { describe, expect, it } from "vitest";
import { isTest, parseSource, type SourceFile, sourceFiles } from "./source-files.ts";
import { syntaxFaults } from "./syntax-faults.ts";

const ENTRYPOINT_LINES = 80;
const files = sourceFiles();

describe("house style", () => {
  it("keeps to the syntax that can be trusted", () => {
    expect(files.flatMap(syntaxFaults)).toEqual([]);
  });

  it("names files by one idea", () => {
    expect(files.flatMap(nameFaults)).toEqual([]);
  });

  it("keeps entrypoints to wiring", () => {
    const long = files
      .filter(({ path }) => path.startsWith("entrypoints/") && !isTest(path))
      .filter(({ text }) => lines(text) >= ENTRYPOINT_LINES)
      .map(
        ({ path, text }) =>
          `${path} has ${lines(text)} lines, ${ENTRYPOINT_LINES - 1} at most: move the rest to lib/ or components/`,
      );
    expect(long).toEqual([]);
  });

  it("reads the environment of the server in one place", () => {
    const wrong = files
      .filter(({ path }) => path.startsWith("server/") && path !== "server/config.ts" && !isTest(path))
      .filter(({ text }) => text.includes("process.env"))
      .map(({ path }) => `${path} reads process.env: add the variable to server/config.ts and take it as a parameter`);
    expect(wrong).toEqual([]);
  });

  it("silences no checker without a reason", () => {
    expect(files.flatMap(silencers)).toEqual([]);
  });

  it.each([
    "const a = b as string;",
    "const a = b!;",
    "let a: any;",
    "try { a(); } catch {}",
    "a().catch(() => {});",
    "export default a;",
    "await new Promise((r) => setTimeout(r, 9));",
    "await new Promise((r) => { setTimeout(r, 9); });",
    "await page.waitForTimeout(9);",
    'it.only("a", b);',
    'describe.skip("a", b);',
  ])("finds the fault in %s", (text) => {
    expect(syntaxFaults(parseSource("tests/server/a.test.ts", text))).toHaveLength(1);
  });

  it.each(["const a = [1] as const;", "const a = b satisfies C;", "try { a(); } catch { b(); }", "setTimeout(a, 9);"])(
    "finds no fault in %s",
    (text) => {
      expect(syntaxFaults(parseSource("tests/server/a.test.ts", text))).toEqual([]);
    },
  );

  it.each([
    "lib/utils.ts",
    "server/user-service.ts",
    "components/chat-list.tsx",
    "lib/ChatStore.ts",
    "lib/common/a.ts",
  ])("refuses the name %s", (path) => {
    expect(nameFaults(parseSource(path, "export function ChatList() {}"))).toHaveLength(1);
  });
});

function lines(text: string): number {
  return text.trimEnd().split("\n").length;
}

function nameFaults(file: SourceFile): string[] {
  const faults: string[] = [];
  const { path } = file;
  const [stem = "", ...rest] = (path.split("/").at(-1) ?? "").split(".");
  const isKebab = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem);
  const isPascal = /^[A-Z][A-Za-z0-9]*$/.test(stem);
  const wantsPascal = rest.at(-1) === "tsx" && (isPascal || holdsComponent(file));
  if (wantsPascal ? !isPascal : !isKebab)
    faults.push(`${path}: name it ${wantsPascal ? "PascalCase.tsx" : "kebab-case"}`);
  // A service worker is a thing of the platform, with that name.
  const words = path.replaceAll("service-worker", "").split(/[/.-]/);
  const vague = words.find((word) => /^(utils?|helpers?|common|managers?|services?)$/i.test(word));
  if (vague !== undefined) faults.push(`${path}: "${vague}" says nothing; name the one idea of the file, or split it`);
  return faults;
}

/** Whether a component lives here; bindings, renderers and entrypoints write JSX too. */
function holdsComponent({ path, parsed }: SourceFile): boolean {
  const names = parsed.module.staticExports.flatMap(({ entries }) => entries.map(({ exportName }) => exportName.name));
  return path.startsWith("components/") && names.some((name) => /^[A-Z][a-z]/.test(name ?? ""));
}

function silencers({ path, parsed }: SourceFile): string[] {
  return parsed.comments.flatMap(({ value }) => {
    if (/@ts-(ignore|nocheck)/.test(value)) return [`${path}: @ts-ignore hides faults; correct the type`];
    if (/biome-ignore[^:]*:\s*$|biome-ignore-all/.test(value)) return [`${path}: biome-ignore without its reason`];
    return [];
  });
}
