import { Button } from "@havana/ui";
import { useEffect, useId, useRef, useState } from "react";

import { FIELD } from "../shell/fields";
import { presenceOf } from "../shell/team";
import { words } from "../words";
import type { Receiver } from "./receiver";

interface TransferFormProps {
  to: Receiver;
  /** Says whether it was done. */
  onTransfer: (note: string) => Promise<boolean>;
  onDone: (transferred: boolean) => void;
}

/** Gives the conversation to a colleague or a team, with what they should know. Return alone does it. */
export function TransferForm({ to, onTransfer, onDone }: TransferFormProps) {
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const { name, doIt, hint } = told(to);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    if (await onTransfer(note)) onDone(true);
    else setBusy(false);
  };
  return (
    <form
      aria-label={doIt}
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
      <NoteFor name={name} note={note} onNote={setNote} onReturn={() => void send()} />
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" look="primary" disabled={busy}>
          {doIt}
        </Button>
        <Button look="quiet" onClick={() => onDone(false)}>
          {words.cancel}
        </Button>
        {hint === null ? null : <p className="text-[13px]/5">{hint}</p>}
      </div>
    </form>
  );
}

/** Whom it goes to, what is done, and what one should know of them before. */
function told(to: Receiver): { name: string; doIt: string; hint: string | null } {
  if (to.kind === "team") return { name: to.name, doIt: to.id === null ? words.route.toAll : words.route.to(to.name), hint: null };
  const { name } = to.agent;
  const presence = presenceOf(to.agent);
  return { name, doIt: words.transfer.to(name), hint: presence === "onDuty" ? null : words.transfer[presence](name) };
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
