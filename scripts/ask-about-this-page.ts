import type { Page } from "playwright";

/**
 * Attaches the page and asks, by the controls that a person uses. Resolves when the question is sent, with a wait for
 * the moment in which the panel shows the whole answer.
 */
export async function askAboutThisPage(panel: Page, question: string): Promise<() => Promise<void>> {
  await panel.getByRole("button", { name: "Ask about this page" }).click();
  await panel.getByRole("button", { name: "Do not send this page" }).waitFor();
  const composer = panel.getByRole("textbox", { name: "Question" });
  await composer.fill(question);
  await composer.press("Enter");
  return () => panel.locator('article[aria-label="Answer"][aria-busy="false"]').last().waitFor();
}

/** Scrolls up to the first question, by the wheel as a person does, so that a picture shows what was asked. */
export async function scrollToQuestion(panel: Page): Promise<void> {
  await panel.getByRole("region", { name: "Messages" }).hover();
  await panel.mouse.wheel(0, -100_000);
  await panel.getByRole("article", { name: "Your question" }).first().scrollIntoViewIfNeeded();
}
