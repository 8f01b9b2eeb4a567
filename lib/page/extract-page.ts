import Defuddle, { createMarkdownContent } from "defuddle/full";
import { LIMITS } from "../protocol/limits.ts";
import { cutText } from "./cut.ts";
import { contentTypeOf, rootOf, titleOf } from "./dom.ts";
import type { Extraction } from "./extraction.ts";
import { plainText } from "./plain-text.ts";
import { isTooMuch } from "./shape.ts";

/** What the person selected, or else the main text of the page, as markdown. Runs in the page; never throws. */
export function extractPage(window: Window): Extraction {
  const { document } = window;
  const url = window.location.href;
  try {
    if (contentTypeOf(document) === "application/pdf") return { status: "unreadable", reason: "pdf" };
    const selected = selectedText(window, url);
    const text = selected || pageText(document, url);
    if (text === "") return { status: "unreadable", reason: "empty" };
    const title = cutText(titleOf(document).replaceAll(/\s+/g, " ").trim(), MAX_TITLE).text;
    const from = selected ? "selection" : "page";
    return { status: "extracted", from, url, title, ...cutText(text, LIMITS.pageCharacters) };
  } catch (error) {
    console.warn("Sidestream could not read this page", error);
    return { status: "unreadable", reason: "broken" };
  }
}

function selectedText(window: Window, url: string): string {
  const selection = window.getSelection();
  const plain = selection?.toString().trim() ?? "";
  if (!selection || plain === "" || plain.length > LIMITS.pageCharacters) return plain;
  const holder = window.document.implementation.createHTMLDocument("").createElement("div");
  for (let index = 0; index < selection.rangeCount; index += 1) {
    holder.append(selection.getRangeAt(index).cloneContents());
  }
  return attempt(() => createMarkdownContent(holder.innerHTML, url).trim()) || plain;
}

function pageText(document: Document, url: string): string {
  const root = rootOf(document);
  if (!root) return "";
  const article = isTooMuch(root) ? "" : attempt(() => articleText(document, url));
  if (article.length >= SHORT) return article;
  // Applications and index pages have no article; what can be seen on them is better than next to nothing.
  const all = plainText(root, LIMITS.pageCharacters);
  return all.length > article.length * 2 ? all : article;
}

function articleText(document: Document, url: string): string {
  // Images are left out: their addresses say nothing to a model, and data: addresses are long.
  const options = { url, markdown: true, removeImages: true, useAsync: false };
  return new Defuddle(document, options).parse().content.trim();
}

/** A page can be built so that an extractor trips over it: then there is another way to read it. */
function attempt(read: () => string): string {
  try {
    return read();
  } catch (error) {
    console.debug("Sidestream reads this page as plain text", error);
    return "";
  }
}

const MAX_TITLE = 1_000;

/** UTF-16 units below which an article is doubted. */
const SHORT = 250;
