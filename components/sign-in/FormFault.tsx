import { Notice } from "../ui/Notice.tsx";

/** What failed and is about no field. It is a sentence or two to read, so its weight is plain. */
export function FormFault({ message }: { message: string }) {
  return <Notice kind="error" title={<span className="font-normal">{message}</span>} />;
}
