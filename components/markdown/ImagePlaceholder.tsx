import { ImageIcon, ImageOff } from "lucide-react";
import { useState } from "react";
import { loadableImage } from "./link-target.ts";

type Phase = "asked" | "loading" | "failed";

/**
 * An image of an answer. Its address can carry what was said out to a stranger, so nothing is loaded before the person
 * says so, knowing from where.
 */
export function ImagePlaceholder({ address, alt }: { address: string; alt: string }) {
  const [phase, setPhase] = useState<Phase>("asked");
  const image = loadableImage(address);

  if (image !== undefined && phase === "loading") {
    return (
      <img
        src={image.src}
        alt={alt}
        referrerPolicy="no-referrer"
        onError={() => setPhase("failed")}
        className="inline-block max-h-96 max-w-full rounded-card border border-line"
      />
    );
  }
  const Icon = image === undefined || phase === "failed" ? ImageOff : ImageIcon;
  return (
    <button
      type="button"
      disabled={image === undefined}
      title={image?.src.slice(0, 300)}
      onClick={() => setPhase("loading")}
      className="my-1 inline-flex max-w-full align-middle items-center gap-2 rounded-control border border-line bg-tint px-2.5 py-1 text-start text-meta text-muted transition-colors enabled:hover:bg-hover"
    >
      <Icon size={15} aria-hidden className="shrink-0" />
      <span className="min-w-0">
        {alt !== "" && <span className="text-ink">{alt} </span>}
        {image === undefined
          ? "(image with an address that is not allowed)"
          : phase === "failed"
            ? `The image could not be loaded. Try again from ${image.from}`
            : `Load image from ${image.from}`}
      </span>
    </button>
  );
}
