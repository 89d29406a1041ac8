import { checkText, TEXT_LIMIT, type ConversationStore, type State } from "@havana/protocol";
import { Button } from "@havana/ui";
import { useImperativeHandle, useMemo, useRef, type Ref } from "react";

import { useLive } from "../shell/live";
import { useStore } from "../shell/useStore";
import { isMine } from "../thread/actions";
import { words } from "../words";
import { drafts, type Mode } from "./drafts";
import { replyHint } from "./hint";
import { ModeSwitch } from "./ModeSwitch";
import { TextField } from "./TextField";

export interface ComposerHandle {
  focus: (mode: Mode) => void;
}

interface ComposerProps {
  ref: Ref<ComposerHandle>;
  id: string;
  store: ConversationStore;
  state: State;
  name: string;
  act: (command: () => Promise<unknown>) => Promise<boolean>;
}

/** Where an agent writes: a reply that the visitor reads, or a note that only the team does. */
export function Composer({ ref, id, store, state, name, act }: ComposerProps) {
  const { me } = useLive();
  const draft = useStore(useMemo(() => drafts.of(id), [id]));
  const field = useRef<HTMLTextAreaElement>(null);
  const { mode } = draft;
  const text = draft[mode];
  const hint = replyHint(state, me);
  const isNote = mode === "note";
  const allowed = isNote || hint.allowed;
  const over = Array.from(text.trim()).length - TEXT_LIMIT;
  const sendable = allowed && checkText(text) === null;

  const setMode = (next: Mode) => {
    drafts.change(id, { mode: next });
  };
  useImperativeHandle(ref, () => ({
    focus: (next) => {
      setMode(next);
      field.current?.focus();
    },
  }));

  const send = () => {
    if (!sendable) return;
    drafts.change(id, { [mode]: "" });
    if (isNote) void addNote(text);
    // A refused reply stays in the thread, with the reason and the way out; nothing is lost.
    else store.post(text).catch(() => undefined);
    field.current?.focus();
  };
  const addNote = async (note: string) => {
    const stored = await act(() => store.command("note", { text: note.trim() }));
    if (!stored && drafts.of(id).getSnapshot().note === "") drafts.change(id, { note });
  };

  return (
    <form
      className="shrink-0 px-4 pb-4 max-md:px-2 max-md:pb-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="mx-auto max-w-3xl md:px-2">
        <div
          className={`rounded-large border shadow-low outline-2 outline-transparent transition-colors has-[textarea:focus-visible]:outline-palm ${isNote ? "border-note-line bg-note text-note-ink" : "border-line bg-surface"}`}
        >
          <div className="flex flex-wrap items-center gap-x-2 px-1.5 pt-1.5">
            <ModeSwitch mode={mode} onMode={setMode} />
            <p className="min-w-0 flex-1 truncate pe-2 text-end text-[13px]/5 text-ink-soft" aria-live="polite" title={isNote ? undefined : (hint.text ?? undefined)}>
              {over > 0 ? <span className="text-waiting">{words.composer.tooLong(over)}</span> : isNote ? null : hint.text}
            </p>
          </div>
          <div className="flex items-end gap-1 p-1.5 pt-0">
            <TextField
              ref={field}
              value={text}
              disabled={!allowed}
              label={isNote ? words.composer.note : words.composer.replyTo(name)}
              placeholder={isNote ? words.composer.notePlaceholder : words.composer.replyTo(name)}
              onChange={(value) => {
                drafts.change(id, { [mode]: value });
                // Nobody should read "Ana is writing" while the assistant answers.
                if (!isNote && isMine(state, me)) store.typing();
              }}
              onSend={send}
            />
            {!isNote && state.control !== "closed" ? (
              <Button
                look="quiet"
                icon="call"
                label={words.action.offer_call}
                onClick={() => void act(() => store.command("offer_call"))}
              />
            ) : null}
            <Button
              type="submit"
              look="primary"
              icon={isNote ? "note" : "send"}
              label={isNote ? words.composer.addNote : words.composer.send}
              title={words.composer.keys}
              disabled={!sendable}
              round
            />
          </div>
        </div>
      </div>
    </form>
  );
}
