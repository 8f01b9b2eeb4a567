import { useEffect, useState } from "react";
import { useChatActions } from "../../lib/chat/react.tsx";
import { oneLine } from "../message/hostile-text.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { StateGlyph } from "../ui/StateGlyph.tsx";

type Servers = Awaited<ReturnType<ReturnType<typeof useChatActions>["tools"]>>;

const STATES = {
  connecting: { glyph: "running", words: "connecting" },
  ready: { glyph: "done", words: "ready" },
  failed: { glyph: "failed", words: "cannot be reached; it is tried again" },
} as const;

/** The tools that the model may use, by server, and whether each server is there. */
export function ToolsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { tools } = useChatActions();
  const [servers, setServers] = useState<Servers>();

  useEffect(() => {
    if (!open) return;
    let isWanted = true;
    void tools().then((found) => isWanted && setServers(found));
    return () => {
      isWanted = false;
    };
  }, [open, tools]);

  return (
    <Dialog open={open} onClose={onClose} title="Tools">
      {servers === undefined && <p className="text-muted">Asking the server…</p>}
      {servers?.length === 0 && (
        <p className="text-muted">
          No tools. Name MCP servers in an <code className="font-mono text-code">mcp.json</code> and start the server
          with <code className="font-mono text-code">MCP_CONFIG</code>.
        </p>
      )}
      {servers?.map((server) => (
        <ServerTools key={server.name} server={server} />
      ))}
    </Dialog>
  );
}

function ServerTools({ server }: { server: Servers[number] }) {
  const { glyph, words } = STATES[server.status];
  return (
    <section className="border-line border-t py-3 first:border-t-0 first:pt-0">
      <h3 className="flex items-center gap-2 font-semibold text-meta">
        <StateGlyph state={glyph} />
        {oneLine(server.name, 80)}
        <span className="font-normal text-muted">{words}</span>
      </h3>
      {server.error !== undefined && <p className="mt-1 text-danger text-meta">{oneLine(server.error, 300)}</p>}
      <ul className="mt-1">
        {server.tools.map((tool) => (
          <li key={tool.name} className="py-1 text-meta">
            <span className="flex items-baseline gap-2">
              <span className="min-w-0 flex-1 truncate">{oneLine(tool.title || tool.name, 80)}</span>
              <span className="shrink-0 text-muted text-small">
                {tool.approval === "ask" ? "asks first" : "runs by itself"}
              </span>
            </span>
            <span className="line-clamp-2 text-muted text-small">{oneLine(tool.description, 300)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
