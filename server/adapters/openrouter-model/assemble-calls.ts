import type { ModelChunk } from "../../ports/model.ts";
import type { CallFragment } from "./chunk-schema.ts";
import { parseJson } from "./parse-json.ts";

type Call = { id: string; name: string; args: string };

/** Puts tool calls together from their fragments. */
export function createCallAssembly(): { take(fragment: CallFragment): void; end(): ModelChunk[] } {
  // Made when the first fragment comes: an idle stream has none.
  let calls: Call[] | undefined;
  let byIndex: Map<number, Call> | undefined;
  let last: Call | undefined;

  return {
    take(fragment) {
      const { index, id, function: called } = fragment;
      const known = typeof index === "number" ? byIndex?.get(index) : last;
      const call = known === undefined || beginsNext(known, fragment) ? { id: "", name: "", args: "" } : known;
      if (call !== known) {
        calls ??= [];
        calls.push(call);
        if (typeof index === "number") byIndex = (byIndex ?? new Map()).set(index, call);
      }
      last = call;
      call.id ||= id ?? "";
      call.name = nameWith(call.name, called?.name ?? "");
      call.args += argsOf(fragment);
    },
    end() {
      return (calls ?? [])
        .filter(({ id, name, args }) => id !== "" || name !== "" || args !== "")
        .map(({ id, name, args }) => ({
          type: "tool-call",
          // An endpoint without ids gets one that pairs the result with its call.
          call: { callId: id || `call_${crypto.randomUUID().slice(0, 8)}`, name, args: parseArgs(args) },
        }));
    },
  };
}

/** Some endpoints give no index, or the same one to all calls: there another id with a name begins another call. */
function beginsNext(call: Call, { id, function: called }: CallFragment): boolean {
  return Boolean(id && call.id && id !== call.id && called?.name);
}

/** Names come whole, in pieces, or whole again with each fragment. */
function nameWith(name: string, piece: string): string {
  return piece === name ? name : name + piece;
}

function argsOf({ function: called }: CallFragment): string {
  const args = called?.arguments ?? "";
  return typeof args === "string" ? args : JSON.stringify(args);
}

/** No arguments are an empty object; what is not JSON stays as it is, so that the tool's own check can say so. */
function parseArgs(args: string): unknown {
  if (args.trim() === "") return {};
  const parsed = parseJson(args);
  return parsed === undefined ? args : parsed;
}
