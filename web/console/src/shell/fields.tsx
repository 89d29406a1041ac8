import { Button, Markdown } from "@havana/ui";
import { useId, useState, type ReactNode, type Ref } from "react";

import { words } from "../words";

export const FIELD = "w-full rounded-medium border border-line bg-surface px-3 text-[15px]/6 placeholder:text-ink-soft disabled:text-ink-soft aria-invalid:border-waiting";
/** Of one line. */
export const INPUT = `h-10 pointer-coarse:h-11 ${FIELD}`;

interface LabelledProps {
  label: string;
  hint?: string;
  /** What is wrong with what stands in it. */
  problem?: string | undefined;
  /** The field, which takes these. */
  children: (field: { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined }) => ReactNode;
}

/** A field under its name, with what helps to fill it in. */
export function Labelled({ label, hint, problem, children }: LabelledProps) {
  const id = useId();
  const told = hint === undefined && problem === undefined ? undefined : `${id}-hint`;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, "aria-describedby": told, "aria-invalid": problem === undefined ? undefined : true })}
      {told === undefined ? null : (
        <p id={told} className={`text-[13px]/5 [overflow-wrap:anywhere] ${problem === undefined ? "text-ink-soft" : "text-waiting"}`}>
          {problem ?? hint}
        </p>
      )}
    </div>
  );
}

interface MarkdownFieldProps {
  ref?: Ref<HTMLTextAreaElement>;
  label: string;
  placeholder: string;
  text: string;
  /** The text as visitors would get it. */
  shown: string;
  rows: number;
  longest: number;
  onText: (text: string) => void;
  /** What helps to write. */
  children?: ReactNode;
}

/** The words that visitors will read, as they are written or as they will look. */
export function MarkdownField({ ref, label, placeholder, text, shown, rows, longest, onText, children }: MarkdownFieldProps) {
  const [previewing, setPreviewing] = useState(false);
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <button
          type="button"
          aria-pressed={previewing}
          disabled={text.trim() === ""}
          onClick={() => { setPreviewing(!previewing); }}
          className="-my-2 min-h-10 cursor-pointer rounded-small px-1 text-[13px]/5 font-medium text-ink-soft underline underline-offset-2 not-disabled:hover:text-ink disabled:cursor-default disabled:no-underline disabled:opacity-60"
        >
          {previewing ? words.knowledge.goOn : words.knowledge.preview}
        </button>
      </div>
      {previewing ? (
        <div className="min-h-55 rounded-medium border border-line bg-surface px-4 py-3 text-[15px]/6">
          <Markdown text={shown} />
        </div>
      ) : (
        <>
          <textarea ref={ref} id={id} required rows={rows} maxLength={longest} dir="auto" placeholder={placeholder} value={text} onChange={(event) => { onText(event.target.value); }} className={`py-2 ${FIELD}`} />
          {children}
        </>
      )}
    </div>
  );
}

interface FormEndProps {
  busy: boolean;
  /** Whether it may be saved as it is; else something above says what to do. */
  savable: boolean;
  onCancel: () => void;
}

/** The ways out of a form. */
export function FormEnd({ busy, savable, onCancel }: FormEndProps) {
  return (
    <div className="flex gap-2">
      {savable ? (
        <Button type="submit" look="primary" disabled={busy}>
          {busy ? words.knowledge.saving : words.knowledge.save}
        </Button>
      ) : null}
      <Button look="quiet" onClick={onCancel}>
        {words.cancel}
      </Button>
    </div>
  );
}
