/** What the demo model is called everywhere. */
export const DEMO_NAME = "Demo model (offline, not an AI)";

/** What a person is told who asks without a page, a tool or a trick. */
export function aboutAnswer(toolNames: readonly string[]): string {
  return [
    `Hello! I am the **${DEMO_NAME}**: a small program that shows how Sidestream works. I understand nothing, but I can:`,
    "",
    "- **quote the page** you are reading: open an article and ask about it;",
    toolNames.length > 0
      ? `- **call a tool** when you name it, such as \`${toolNames[0]}\`, with arguments as JSON;`
      : "- **call a tool** when you name it, once an `mcp.json` is configured (`MCP_CONFIG`);",
    "- **write something long**, so that you can close the panel and see that nothing is lost: try *count to 300*.",
    "",
    ...HOW_TO_GET_A_MODEL,
  ].join("\n");
}

/** The last lines of an answer about a page. */
export const HOW_TO_GET_A_MODEL: readonly string[] = [
  "For answers of a real model, put a key into the file `.env` and start the server again:",
  "",
  "```sh",
  "OPENROUTER_API_KEY=your-key",
  "```",
];
