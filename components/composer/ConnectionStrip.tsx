import { CloudOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { unreachable } from "../../lib/chat/selectors.ts";
import { Button } from "../ui/Button.tsx";
import { StateGlyph } from "../ui/StateGlyph.tsx";
import { useLasting } from "../ui/use-lasting.ts";

/** By who cannot be reached. */
const WORDS = {
  server: {
    what: "The server cannot be reached.",
    so: "Questions wait here and are sent when it is back.",
  },
  "sign-in": {
    what: "Offline: the sign-in service cannot be reached.",
    so: "Answers go on, and questions wait here.",
  },
} as const;

/** Connecting that takes longer than this is worth a word. */
const CALM_MS = 1_000;

/** That the server or the sign-in service cannot be reached, when it is tried again, and what becomes of questions meanwhile. */
export function ConnectionStrip({ onDone }: { onDone: () => void }) {
  const connection = useChat((state) => state.keeper.connection);
  const cause = useChat(unreachable);
  const { reconnect } = useChatActions();
  const isSlow = useLasting(connection.status === "connecting", CALM_MS);
  if (connection.status === "connecting" && isSlow) {
    return (
      <p role="status" className="flex min-h-8 items-center gap-2 px-1 text-meta text-muted">
        <StateGlyph state="running" />
        Connecting to the server…
      </p>
    );
  }
  if (cause === undefined) return null;
  const tryNow = () => {
    void reconnect();
    onDone();
  };
  return (
    <div className="mb-2 flex gap-2.5 rounded-card bg-warn-tint py-1.5 ps-3 pe-1.5 text-meta forced-colors:border">
      <CloudOff size={16} aria-hidden className="mt-0.5 shrink-0 text-warn" />
      {/* Where it is narrow, the words have the whole width, and the button a row of its own only when it needs one. */}
      <div className="@container min-w-0 flex-1">
        <div className="@sm:flex flow-root items-center gap-2.5">
          <p role="status" className="inline min-w-0 flex-1">
            <span className="font-semibold">{WORDS[cause].what}</span>{" "}
            <span className="text-muted">{WORDS[cause].so}</span>
          </p>{" "}
          {/* Where the feed is open, trying again would end what comes by it. */}
          {connection.status === "reconnecting" && (
            <Button onClick={tryNow} className="float-end">
              Try now
              <Countdown until={connection.retryAt} />
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

/** Seconds until it is tried by itself; a screen reader is not told each one. */
function Countdown({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((until - now) / 1_000);
  if (seconds <= 0) return null;
  return (
    <span aria-hidden className="text-muted tabular-nums">
      {seconds} s
    </span>
  );
}
