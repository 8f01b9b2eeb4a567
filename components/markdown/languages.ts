import type { LanguageFn } from "highlight.js";

type Language = { name: string; aliases: readonly string[]; load: () => Promise<{ default: LanguageFn }> };

/** The languages that are coloured, each fetched when an answer first has code in it. */
const LANGUAGES = new Map<string, Language>([
  [
    "bash",
    {
      name: "Shell",
      aliases: ["sh", "shell", "zsh", "console"],
      load: () => import("highlight.js/lib/languages/bash"),
    },
  ],
  ["c", { name: "C", aliases: ["h"], load: () => import("highlight.js/lib/languages/c") }],
  ["cpp", { name: "C++", aliases: ["c++", "cc", "hpp"], load: () => import("highlight.js/lib/languages/cpp") }],
  ["csharp", { name: "C#", aliases: ["c#", "cs"], load: () => import("highlight.js/lib/languages/csharp") }],
  ["css", { name: "CSS", aliases: [], load: () => import("highlight.js/lib/languages/css") }],
  ["diff", { name: "Diff", aliases: ["patch"], load: () => import("highlight.js/lib/languages/diff") }],
  [
    "dockerfile",
    { name: "Dockerfile", aliases: ["docker"], load: () => import("highlight.js/lib/languages/dockerfile") },
  ],
  ["go", { name: "Go", aliases: ["golang"], load: () => import("highlight.js/lib/languages/go") }],
  ["ini", { name: "INI", aliases: ["toml"], load: () => import("highlight.js/lib/languages/ini") }],
  ["java", { name: "Java", aliases: [], load: () => import("highlight.js/lib/languages/java") }],
  [
    "javascript",
    { name: "JavaScript", aliases: ["js", "jsx", "mjs"], load: () => import("highlight.js/lib/languages/javascript") },
  ],
  ["json", { name: "JSON", aliases: ["jsonc", "json5"], load: () => import("highlight.js/lib/languages/json") }],
  ["kotlin", { name: "Kotlin", aliases: ["kt"], load: () => import("highlight.js/lib/languages/kotlin") }],
  ["markdown", { name: "Markdown", aliases: ["md"], load: () => import("highlight.js/lib/languages/markdown") }],
  ["php", { name: "PHP", aliases: [], load: () => import("highlight.js/lib/languages/php") }],
  ["python", { name: "Python", aliases: ["py", "python3"], load: () => import("highlight.js/lib/languages/python") }],
  ["ruby", { name: "Ruby", aliases: ["rb"], load: () => import("highlight.js/lib/languages/ruby") }],
  ["rust", { name: "Rust", aliases: ["rs"], load: () => import("highlight.js/lib/languages/rust") }],
  ["sql", { name: "SQL", aliases: ["postgresql", "sqlite"], load: () => import("highlight.js/lib/languages/sql") }],
  ["swift", { name: "Swift", aliases: [], load: () => import("highlight.js/lib/languages/swift") }],
  [
    "typescript",
    { name: "TypeScript", aliases: ["ts", "tsx"], load: () => import("highlight.js/lib/languages/typescript") },
  ],
  ["xml", { name: "HTML", aliases: ["html", "svg", "vue"], load: () => import("highlight.js/lib/languages/xml") }],
  ["yaml", { name: "YAML", aliases: ["yml"], load: () => import("highlight.js/lib/languages/yaml") }],
]);

/** The language that the info string of a fence names, by its id or an alias. */
export function languageNamed(info: string): { id: string; name: string } | undefined {
  const word =
    info
      .trim()
      .split(/[\s{,]/)[0]
      ?.toLowerCase() ?? "";
  for (const [id, { name, aliases }] of LANGUAGES) {
    if (id === word || aliases.includes(word)) return { id, name };
  }
  return undefined;
}

/** The grammar of a language by its id. */
export function loadLanguage(id: string): Promise<{ default: LanguageFn }> | undefined {
  return LANGUAGES.get(id)?.load();
}
