import { LoaderCircle } from "lucide-react";
import { Button } from "../ui/Button.tsx";

type SubmitButtonProps = {
  /** What it does; while it works, what is being done. */
  words: string;
  busyWords: string;
  isBusy: boolean;
};

/** The main button of a form. It keeps the focus while it works. */
export function SubmitButton({ words, busyWords, isBusy }: SubmitButtonProps) {
  return (
    <Button type="submit" look="primary" aria-disabled={isBusy} className="h-9 w-full justify-center">
      {isBusy && <LoaderCircle size={15} aria-hidden className="running-glyph" />}
      {isBusy ? busyWords : words}
    </Button>
  );
}
