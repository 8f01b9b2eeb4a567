import { type KeyboardEvent, type RefObject, useEffect } from "react";
import { useChat, useChatActions } from "../../lib/chat/react.tsx";
import { AttachmentRow } from "./AttachmentRow.tsx";
import { ComposerStatus } from "./ComposerStatus.tsx";
import { ConnectionStrip } from "./ConnectionStrip.tsx";
import { FailedAction } from "./FailedAction.tsx";
import { isSendKey } from "./is-send-key.ts";
import { Losses } from "./Losses.tsx";
import { ModelPicker } from "./ModelPicker.tsx";
import { SendButton } from "./SendButton.tsx";

/** Where the person writes: what goes along above the text, model and send below, and how things stand in words. */
export function Composer({ input }: { input: RefObject<HTMLTextAreaElement | null> }) {
  const draft = useChat((state) => state.draft);
  const conversationId = useChat(({ view }) => ("conversationId" in view ? view.conversationId : "new"));
  const { setDraft, send } = useChatActions();

  // Whoever opens the panel or a conversation wants to write, but for those who are busy in a list above it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the field gets the focus when another conversation is shown
  useEffect(() => {
    if (!document.activeElement?.closest("[role=dialog]")) input.current?.focus({ preventScroll: true });
  }, [input, conversationId]);

  const focus = () => input.current?.focus();
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (!isSendKey(event.nativeEvent)) return;
    event.preventDefault();
    void send();
  };

  return (
    <section aria-label="Your message" className="shrink-0 px-3 pt-1 pb-3">
      <Losses onDone={focus} />
      <FailedAction onDone={focus} />
      <ConnectionStrip onDone={focus} />
      <div className="rounded-card border border-line-strong bg-raised transition-colors focus-within:border-accent">
        <AttachmentRow onDone={focus} />
        <textarea
          ref={input}
          dir="auto"
          rows={1}
          aria-label="Question"
          placeholder={conversationId === "new" ? "Ask anything" : "Ask a follow-up"}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          className="block max-h-[40vh] min-h-[37px] w-full resize-none overflow-y-auto bg-transparent px-3 py-2 text-body outline-none [field-sizing:content] [scrollbar-width:thin] placeholder:text-muted"
        />
        <div className="flex items-end gap-1 ps-1.5 pe-1.5 pb-1.5">
          <ModelPicker />
          <ComposerStatus />
          <SendButton />
        </div>
      </div>
    </section>
  );
}
