/**
 * Whether an extractor, which looks at each element many times and at all of its ancestors, would take seconds over this
 * document, in which the page stands still. Walks each element once at most.
 */
export function isTooMuch(root: Element): boolean {
  const elements = root.getElementsByTagName("*");
  if (elements.length > MAX_ELEMENTS) return true;
  const depths = new Map<Element, number>([[root, 0]]);
  // The list is in document order, so that a parent has its depth before its children.
  for (const element of elements) {
    const depth = (element.parentElement ? (depths.get(element.parentElement) ?? 0) : 0) + 1;
    if (depth > MAX_DEPTH) return true;
    depths.set(element, depth);
  }
  return false;
}

const MAX_ELEMENTS = 20_000;

/** Real pages stay below a hundred. */
const MAX_DEPTH = 256;
