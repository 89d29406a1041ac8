import type { ConversationStore, State } from "@havana/protocol";
import { Button, icons } from "@havana/ui";
import { useImperativeHandle, useRef, type Ref, type RefObject } from "react";

import { CannedList } from "../canned/CannedList";
import { useSlash, type SlashField } from "../canned/useSlash";
import { Writers } from "../presence/Faces";
import type { Act } from "../thread/useActing";
import { words } from "../words";
import type { Mode } from "./drafts";
import { EmojiButton } from "./EmojiButton";
import { ModeSwitch } from "./ModeSwitch";
import type { Afterwards } from "./sendAnd";
import { SendMenu } from "./SendMenu";
import { SuggestionCard } from "./SuggestionCard";
import { TextField } from "./TextField";
import { Tools } from "./Tools";
import { useComposer, type Composing } from "./useComposer";
import { useCopilot, type Copilot } from "./useCopilot";

export interface ComposerHandle {
  focus: (mode: Mode) => void;
  suggest: () => void;
}

interface ComposerProps {
  ref: Ref<ComposerHandle>;
  id: string;
  store: ConversationStore;
  state: State;
  name: string;
  act: Act;
  /** Told what is being written with each change of it. */
  onWriting: (writing: Mode | null) => void;
}

const REPLY = "border-line bg-surface text-ink";
/** Unmistakably not for the visitor. */
const NOTE = "border-note-line bg-note text-note-ink";

/** Where an agent writes: a reply that the visitor reads, or a note that only the team does. */
export function Composer({ ref, id, store, state, name, act, onWriting }: ComposerProps) {
  const composing = useComposer(id, store, state, act, onWriting);
  const copilot = useCopilot(id, state);
  const field = useRef<HTMLTextAreaElement>(null);
  const slash = useSlash(id, store, composing.text, field);
  const isNote = composing.mode === "note";
  useImperativeHandle(ref, () => ({
    focus: (mode) => {
      composing.setMode(mode);
      field.current?.focus();
    },
    suggest: () => copilot?.suggest(),
  }));
  const refocus = () => field.current?.focus();
  const send = (then: Afterwards | null = null) => {
    if (then === null) composing.send();
    else composing.sendAnd?.(then);
    refocus();
  };
  return (
    <form
      className="thread-foot shrink-0 pt-1 pb-4 max-md:pb-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="mx-auto max-w-3xl px-2 md:px-6">
        <Writers id={id} />
        {copilot ? <Suggested copilot={copilot} id={id} field={field} /> : null}
        <CannedList slash={slash}>
          <div
            className={`rounded-large border shadow-low transition-[border-color,box-shadow] has-[textarea:focus-visible]:border-palm has-[textarea:focus-visible]:ring-3 has-[textarea:focus-visible]:ring-palm/20 ${isNote ? NOTE : REPLY}`}
          >
            <div className="flex items-center gap-x-2 px-1.5 pt-1.5">
              <ModeSwitch mode={composing.mode} onMode={composing.setMode} />
              <Hint {...composing} />
              {copilot && !isNote ? <Tools copilot={copilot} hasText={composing.text.trim() !== ""} /> : null}
            </div>
            <div className="flex items-end gap-1 p-1.5 pt-0">
              <Words composing={composing} field={field} name={name} slash={slash.field} onSend={send} />
              {isNote || !composing.allowed || state.control === "closed" ? null : <OfferCall store={store} act={act} />}
              <Sending composing={composing} onSend={send} onDone={refocus} />
            </div>
          </div>
        </CannedList>
      </div>
    </form>
  );
}

function OfferCall({ store, act }: Pick<ComposerProps, "store" | "act">) {
  const offer = () => void act(() => store.command("offer_call"));
  return <Button look="quiet" icon={icons.calendar} label={words.action.offer_call} onClick={offer} />;
}

/** Whatever becomes of it, the agent goes on in the field. */
function Suggested({ copilot, id, field }: { copilot: Copilot; id: string; field: RefObject<HTMLTextAreaElement | null> }) {
  const { suggestion, take, again, drop } = copilot;
  if (suggestion === null) return null;
  const then = (act: () => void) => () => {
    act();
    field.current?.focus();
  };
  return <SuggestionCard suggestion={suggestion} name={id} onTake={then(take)} onAgain={again} onDrop={then(drop)} />;
}

interface WordsProps {
  composing: Composing;
  field: RefObject<HTMLTextAreaElement | null>;
  name: string;
  slash: SlashField;
  onSend: (then: Afterwards | null) => void;
}

function Words({ composing, field, name, slash, onSend }: WordsProps) {
  const isNote = composing.mode === "note";
  return (
    <>
      <TextField
        ref={field}
        value={composing.text}
        disabled={!composing.allowed}
        label={isNote ? words.composer.note : words.composer.replyTo(name)}
        placeholder={isNote ? words.composer.notePlaceholder : composing.allowed ? words.composer.replyTo(name) : (composing.hint ?? "")}
        onChange={composing.write}
        onSend={onSend}
        slash={slash}
      />
      {composing.allowed ? <EmojiButton field={field} /> : null}
    </>
  );
}

interface SendingProps {
  composing: Composing;
  onSend: (then: Afterwards) => void;
  onDone: () => void;
}

function Sending({ composing: { mode, sendable, allowed, sendAnd }, onSend, onDone }: SendingProps) {
  const isNote = mode === "note";
  return (
    <>
      <Button
        type="submit"
        look="primary"
        round
        icon={isNote ? icons.note : icons.send}
        label={isNote ? words.composer.addNote : words.composer.send}
        title={words.composer.keys}
        disabled={!sendable}
      />
      {isNote || !allowed ? null : <SendMenu disabled={sendAnd === null} onSend={onSend} onDone={onDone} />}
    </>
  );
}

/** Where nobody may write, the field itself says why; here it is for those who cannot see it. */
function Hint({ hint, over, allowed }: Composing) {
  const text = over > 0 ? words.composer.tooLong(over) : (hint ?? "");
  const look = allowed ? "min-w-0 flex-1 truncate pe-2 text-end text-[13px]/5" : "sr-only";
  return (
    <p aria-live="polite" title={text} className={`${look} ${over > 0 ? "text-waiting" : "text-ink-soft"}`}>
      {text}
    </p>
  );
}
