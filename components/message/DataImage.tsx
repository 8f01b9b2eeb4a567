type DataImageProps = { mimeType: string; data: string; alt: string; className?: string };

/** An image that came with the message itself: shown only if it is of a type that cannot hold scripts, and really base64. */
export function DataImage({ mimeType, data, alt, className = "max-h-80" }: DataImageProps) {
  if (!TYPES.has(mimeType) || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    return <p className="text-meta text-muted">An image of a type that is not shown here.</p>;
  }
  return (
    <img
      src={`data:${mimeType};base64,${data}`}
      alt={alt}
      className={`max-w-full rounded-card border border-line object-contain ${className}`}
    />
  );
}

const TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);
