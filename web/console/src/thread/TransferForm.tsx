import { Button } from "@havana/ui";
import { useEffect, useId, useRef, useState } from "react";

import { FIELD } from "../shell/fields";
import { presenceOf, type Colleague } from "../shell/team";
import { words } from "../words";

interface TransferFormProps {
  to: Colleague;
  /** Says whether it was done. */
  onTransfer: (note: string) => Promise<boolean>;
  onDone: (transferred: boolean) => void;
}

/** Gives the conversation to a colleague, with what they should know. Return alone does it. */
export function TransferForm({ to, onTransfer, onDone }: TransferFormProps) {
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const say = words.transfer;
  const presence = presenceOf(to);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    if (await onTransfer(note)) onDone(true);
    else setBusy(false);
  };
  return (
    <form
      aria-label={say.to(to.name)}
      className="hv-appear flex shrink-0 flex-col gap-2 border-b border-note-line bg-note px-4 py-3 text-note-ink"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // It leaves the form, not the conversation.
        event.stopPropagation();
        onDone(false);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <NoteFor name={to.name} note={note} onNote={setNote} onReturn={() => void send()} />
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" look="primary" disabled={busy}>
          {say.to(to.name)}
        </Button>
        <Button look="quiet" onClick={() => onDone(false)}>
          {words.cancel}
        </Button>
        {presence === "onDuty" ? null : <p className="text-[13px]/5">{say[presence](to.name)}</p>}
      </div>
    </form>
  );
}

interface NoteForProps {
  name: string;
  note: string;
  onNote: (note: string) => void;
  onReturn: () => void;
}

function NoteFor({ name, note, onNote, onReturn }: NoteForProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => {
    field.current?.focus();
  }, []);
  return (
    <>
      <label htmlFor={id} className="font-medium">
        {words.transfer.know(name)}
      </label>
      <textarea
        ref={field}
        id={id}
        rows={2}
        maxLength={LONGEST}
        dir="auto"
        value={note}
        placeholder={words.transfer.optional}
        onChange={(event) => onNote(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          onReturn();
        }}
        className={`resize-none py-2 text-ink ${FIELD}`}
      />
    </>
  );
}

/** What a message may have at most. */
const LONGEST = 8000;
