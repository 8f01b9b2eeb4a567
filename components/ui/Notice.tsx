import { CircleStop, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const KINDS = {
  info: { Icon: Info, frame: "bg-tint", icon: "text-muted" },
  stopped: { Icon: CircleStop, frame: "bg-tint", icon: "text-muted" },
  warning: { Icon: TriangleAlert, frame: "bg-warn-tint", icon: "text-warn" },
  error: { Icon: TriangleAlert, frame: "bg-danger-tint", icon: "text-danger" },
} as const;

type NoticeProps = {
  kind: keyof typeof KINDS;
  /** What happened, in one sentence. */
  title: ReactNode;
  /** What to do next. */
  children?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
};

/** What happened and what to do next, at the place where it happened. */
export function Notice({ kind, title, children, actions }: NoticeProps) {
  const { Icon, frame, icon } = KINDS[kind];
  return (
    <div
      role={kind === "error" ? "alert" : "status"}
      className={`flex gap-2.5 rounded-card px-3 py-2.5 text-meta forced-colors:border ${frame}`}
    >
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${icon}`} />
      <div className="min-w-0 flex-1">
        <p className="font-semibold text-ink">{title}</p>
        {children !== undefined && <div className="text-muted">{children}</div>}
        {actions !== undefined && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
