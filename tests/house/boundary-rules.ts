/** Who may import whom: section 6 of the design as a table. The first rule whose `from` fits a file is its rule. */
export type BoundaryRule = {
  from: RegExp;
  /** Files of ours, by path; a file's own folder is always allowed. */
  may: readonly RegExp[];
  /** Files of ours of which only types may be imported. */
  mayTypes?: readonly RegExp[];
  /** Names of packages, of which `node:` built-ins are written `node:`. "any": all that package.json lists. */
  packages: readonly string[] | "any";
  because: string;
};

/** The only files that may name adapters. */
const WIRING = /^server\/(main|choose-adapters)\.ts$/;
const PROTOCOL = /^lib\/protocol\//;
const PORTS = /^server\/ports\//;
/** What is in server/ itself, but for what wires and what reads the environment. */
const SERVER_ROOT = /^server\/(?!main\.ts|choose-adapters\.ts|config\.ts)[^/]+\.ts$/;

/** The one SDK of each adapter. An adapter that is not listed needs none. */
const SDK_OF_ADAPTER: Readonly<Record<string, readonly string[]>> = {
  "openrouter-model": ["openai", "eventsource-parser"],
  "mcp-toolbox": ["@modelcontextprotocol/sdk"],
  "convex-store": ["convex", "p-retry"],
  "clerk-auth": ["jose"],
};

/** The one library of each folder of lib, besides zod at its doors. */
const LIBRARY_OF_LIB: Readonly<Record<string, readonly string[]>> = {
  api: ["eventsource-parser", "uuid"],
  auth: ["wxt", "@clerk/chrome-extension"],
  cache: ["idb"],
  chat: ["react", "zustand", "uuid"],
  keeper: ["uuid"],
  messaging: ["wxt"],
  page: ["defuddle", "wxt"],
};

/** Both ends of the Port, and the cache that keeps what goes over it: they parse it with the same schemas. */
const SPEAK_MESSAGING = ["keeper", "chat", "cache"];

export const BOUNDARY_RULES: readonly BoundaryRule[] = [
  {
    from: PROTOCOL,
    may: [],
    packages: ["zod"],
    because: "the contract must run wherever a client runs; move what needs more to the folder that uses it",
  },
  ...Object.entries(LIBRARY_OF_LIB).map(([name, libraries]) => ({
    from: new RegExp(`^lib/${name}/`),
    may: [PROTOCOL, ...(SPEAK_MESSAGING.includes(name) ? [/^lib\/messaging\//] : [])],
    mayTypes: [/^lib\//],
    packages: ["zod", ...libraries],
    because: "folders of lib know each other's types only; take the thing as a parameter and wire it in entrypoints/",
  })),
  {
    from: /^lib\//,
    may: [PROTOCOL],
    mayTypes: [/^lib\//],
    packages: ["zod", "wxt"],
    because:
      "lib stands below components, entrypoints and server; take the thing as a parameter and wire it in entrypoints/",
  },
  {
    from: /^components\//,
    may: [/^components\//, /^lib\/chat\//],
    mayTypes: [PROTOCOL],
    packages: ["react", "react-dom", "radix-ui", "lucide-react", "marked", "highlight.js", "virtua"],
    because: "components show what hooks of lib/chat give them; add a hook or a selector there",
  },
  {
    from: /^entrypoints\//,
    may: [/^components\//, /^lib\//, /^entrypoints\//],
    packages: "any",
    because: "entrypoints wire components and lib, and nothing else is part of the extension",
  },
  {
    from: PORTS,
    may: [PROTOCOL, PORTS],
    packages: [],
    because: "a port is spoken in our own words; translate in its adapter",
  },
  {
    from: /^server\/turns\//,
    may: [PORTS, PROTOCOL],
    packages: ["node:", "zod", "uuid", "p-retry"],
    because: "turns know no HTTP, no database and no SDK; put it behind a port and take the port as a parameter",
  },
  {
    from: /^server\/routes\//,
    may: [/^server\/(turns|middleware|ports)\//, PROTOCOL, SERVER_ROOT],
    packages: ["hono", "@hono/node-server", "zod", "node:"],
    because: "routes parse, call and answer; what they call is a port that server/start-server.ts hands to createApp",
  },
  {
    from: /^server\/middleware\//,
    may: [PORTS, PROTOCOL, SERVER_ROOT],
    mayTypes: [/^server\/routes\/http-env\.ts$/],
    packages: ["hono", "@hono/node-server", "rate-limiter-flexible", "zod", "node:"],
    because: "middleware is one concern before the routes; take what it needs as a parameter of createApp",
  },
  {
    from: /^server\/adapters\/convex-store\//,
    may: [PORTS, PROTOCOL, /^convex\/_generated\/api\.js$/],
    packages: ["node:", "zod"],
    because: "of what runs at Convex the adapter knows the names and types of the functions only",
  },
  {
    from: /^server\/adapters\/[^/]+\//,
    may: [PORTS, PROTOCOL],
    packages: ["node:", "zod"],
    because: "an adapter translates between its port and its one SDK; what two adapters need is a parameter",
  },
  {
    from: WIRING,
    may: [/^server\//, PROTOCOL],
    packages: "any",
    because: "lib/protocol is all that the server and the extension share",
  },
  {
    from: /^server\//,
    may: [/^server\/(turns|middleware|ports|routes)\//, SERVER_ROOT, /^server\/config\.ts$/, PROTOCOL],
    packages: "any",
    because:
      "only server/choose-adapters.ts and server/main.ts name adapters, and lib/protocol is all that server and extension share",
  },
  {
    from: /^convex\//,
    may: [],
    packages: ["convex"],
    because: "these functions run at Convex, where neither the server nor the extension is",
  },
  {
    from: /^scripts\/extension\//,
    may: [PROTOCOL, /^lib\/auth\/(clerk\/publishable-key|token-address)\.ts$/],
    packages: "any",
    because: "these are parts of wxt.config.ts: they say how the extension is built and know nothing of what it does",
  },
  {
    from: /^scripts\//,
    may: [/^server\//, PROTOCOL],
    packages: "any",
    because: "scripts drive the product from outside, as a person does",
  },
  {
    from: /^bench\//,
    may: [/^server\//, /^scripts\//, /^tests\/fixtures\//, PROTOCOL, /^(lib|components)\//],
    packages: "any",
    because: "the bench measures the product and is no part of it",
  },
];

/** Packages that this file may import. */
export function packagesFor(path: string, rule: BoundaryRule): readonly string[] | "any" {
  const adapter = /^server\/adapters\/([^/]+)\//.exec(path)?.[1];
  if (adapter === undefined || rule.packages === "any") return rule.packages;
  return [...rule.packages, ...(SDK_OF_ADAPTER[adapter] ?? [])];
}
