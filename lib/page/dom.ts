/**
 * Reads of a document that its own markup cannot redirect: `<img name="title">` takes the place of `document.title`,
 * but not of the getter that all documents inherit.
 */
export function titleOf(document: Document): string {
  const title: unknown = Reflect.get(Document.prototype, "title", document);
  return typeof title === "string" ? title : "";
}

/** The MIME type that the browser shows the document as. */
export function contentTypeOf(document: Document): string {
  const type: unknown = Reflect.get(Document.prototype, "contentType", document);
  return typeof type === "string" ? type : "";
}

export function rootOf(document: Document): Element | undefined {
  const root: unknown = Reflect.get(Document.prototype, "documentElement", document);
  return root instanceof Element ? root : undefined;
}
