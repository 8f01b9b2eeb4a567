import { CloudOff } from "lucide-react";
import type { ReactNode } from "react";
import { ServerLine } from "./ServerLine.tsx";
import { useOnline } from "./use-online.ts";

type SignInFrameProps = {
  title: string;
  /** What this screen is about, in a sentence. */
  lead?: ReactNode;
  children: ReactNode;
};

/** One calm screen: what it is, a form, and below it the server that all of it is about. */
export function SignInFrame({ title, lead, children }: SignInFrameProps) {
  const isOnline = useOnline();
  return (
    // Not centred: what is said below a field must not move the field.
    <main className="h-dvh overflow-y-auto px-4 pt-[max(24px,12vh)] pb-6">
      <div className="mx-auto flex w-full max-w-sm flex-col gap-4">
        <header className="flex flex-col gap-1.5">
          <h1 className="font-semibold text-[18px] leading-6">{title}</h1>
          {lead !== undefined && <p className="text-body text-muted">{lead}</p>}
        </header>
        <p role="status" className="flex items-center gap-2 text-meta text-warn empty:hidden">
          {!isOnline && (
            <>
              <CloudOff size={16} aria-hidden className="shrink-0" />
              This browser is offline. Signing in needs a network.
            </>
          )}
        </p>
        {children}
        <div className="border-line border-t pt-3">
          <ServerLine />
        </div>
      </div>
    </main>
  );
}
