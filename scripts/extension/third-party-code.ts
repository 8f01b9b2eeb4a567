import type { Plugin } from "vite";

type Change = { file: RegExp; from: string; to: string };

/**
 * Places in packages that write raw HTML into a document or make code of a string. The linter of addons.mozilla.org warns
 * of each of them, rightly: none is needed here, so that the build writes them in another way.
 */
const CHANGES: readonly Change[] = [
  {
    // Markdown becomes React elements and `dangerouslySetInnerHTML` is not used: whoever did would see text.
    file: /react-dom\/cjs\/react-dom-client\.production\.js$/,
    from: "(domElement.innerHTML = key)",
    to: "domElement.replaceChildren(String(key))",
  },
  {
    // Only `highlight()` is used, which returns a string.
    file: /highlight\.js\/lib\/core\.js$/,
    from: "element.innerHTML = result.value;",
    to: "element.textContent = code;",
  },
  {
    // The extension's policy forbids eval: the probe's answer is known, and the browser would report it.
    file: /zod\/v4\/core\/util\.js$/,
    from: 'new F("");\n        return true;',
    to: "return false;",
  },
  // Both parse into a document of their own that runs nothing, as the ones before them did.
  {
    file: /defuddle\/dist\/index\.full\.js$/,
    from: 'const r=t.createElement("textarea");return r.innerHTML=e,r.value',
    to: 'return new DOMParser().parseFromString("<textarea>"+e,"text/html").querySelector("textarea").value',
  },
  {
    file: /defuddle\/dist\/index\.full\.js$/,
    from: 'const r=t.createElement("template");if(r.innerHTML=e,r.content)return r.content;const n=t.createElement("div");n.innerHTML=e;const o=t.createDocumentFragment();for(;n.firstChild;)o.appendChild(n.firstChild);return o',
    to: 'const r=new DOMParser().parseFromString("<template>"+e,"text/html"),o=r.querySelector("template").content;return o.append(...r.body.childNodes),o',
  },
];

/** Fails the build when a package does not hold what is to be changed: look at its new version and at the linter. */
export function rewriteThirdPartyCode(): Plugin {
  return {
    name: "rewrite-third-party-code",
    enforce: "pre",
    transform: {
      filter: { id: CHANGES.map(({ file }) => file) },
      handler(code, id) {
        return CHANGES.filter(({ file }) => file.test(id)).reduce((changed, { from, to }) => {
          if (!changed.includes(from)) throw new Error(`third-party-code.ts: ${id} no longer holds ${from}`);
          return changed.replaceAll(from, () => to);
        }, code);
      },
    },
  };
}
