import { useEffect, useState } from "react";
import { useChat } from "../../lib/chat/react.tsx";
import { awaitsApproval, shownAnswer } from "../../lib/chat/selectors.ts";

const ENDS = {
  streaming: "The answer is being written.",
  complete: "The answer is finished.",
  stopped: "The answer was stopped.",
  failed: "The answer failed.",
  interrupted: "The answer was interrupted.",
} as const;

/** Says to people who listen what others see: that an answer began, ended or waits for them; never each word of it. */
export function Announcer() {
  const turnId = useChat((state) => shownAnswer(state)?.turnId);
  const status = useChat((state) => shownAnswer(state)?.state.status);
  const waits = useChat(awaitsApproval);
  const [said, setSaid] = useState("");

  // The turn leaves the state when its row is saved; what was said last stays until there is something else to say.
  useEffect(() => {
    if (turnId !== undefined && status !== undefined) setSaid(ENDS[status]);
  }, [turnId, status]);

  return (
    <p role="status" className="sr-only">
      {waits ? "A tool waits for your approval." : said}
    </p>
  );
}
