import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./IconButton.tsx";

type CopyButtonProps = { label: string; text: () => string; className?: string };

/** Copies text and says so for two seconds, or says that the browser refused. */
export function CopyButton({ label, text, className }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<"copied" | "refused">();

  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => setOutcome("copied"),
      () => setOutcome("refused"),
    );
  };

  const name = outcome === "copied" ? "Copied" : outcome === "refused" ? "The browser did not allow copying" : label;
  return (
    <IconButton label={name} onClick={copy} {...(className !== undefined && { className })}>
      {outcome === "copied" ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
      <span role="status" className="sr-only">
        {outcome !== undefined && name}
      </span>
    </IconButton>
  );
}
