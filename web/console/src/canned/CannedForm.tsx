import { Markdown } from "@havana/ui";
import { useId, useRef, useState, type ReactNode } from "react";

import { useLive } from "../shell/live";
import { words } from "../words";
import type { CannedAnswers } from "./canned";
import { fill } from "./choosing";
import type { CannedFields } from "./editing";
import { insertText } from "./insertText";

interface CannedFormProps {
  fields: CannedFields;
  sites: CannedAnswers["sites"];
  onChange: (some: Partial<CannedFields>) => void;
}

const FIELD = "w-full rounded-medium border border-line bg-surface px-3 text-[15px]/6 placeholder:text-ink-soft";

/** What a canned answer consists of. */
export function CannedForm({ fields, sites, onChange }: CannedFormProps) {
  const { name, text, site } = fields;
  const names = Object.entries(sites);
  return (
    <>
      <Labelled label={words.canned.name} hint={words.canned.nameHint}>
        {(id) => <input id={id} required autoFocus={name === ""} maxLength={60} dir="auto" autoComplete="off" placeholder={words.canned.namePlaceholder} value={name} onChange={(event) => { onChange({ name: event.target.value }); }} className={`h-10 pointer-coarse:h-11 ${FIELD}`} />}
      </Labelled>
      {names.length > 1 || site !== null ? (
        <Labelled label={words.canned.site}>
          {(id) => (
            <select id={id} value={site ?? ""} onChange={(event) => { onChange({ site: event.target.value || null }); }} className={`h-10 pointer-coarse:h-11 ${FIELD}`}>
              <option value="">{words.canned.allSites}</option>
              {names.map(([key, one]) => <option key={key} value={key}>{one}</option>)}
            </select>
          )}
        </Labelled>
      ) : null}
      <Text text={text} site={sites[site ?? names[0]?.[0] ?? ""] ?? ""} onText={(next) => { onChange({ text: next }); }} />
    </>
  );
}

function Labelled({ label, hint, children }: { label: string; hint?: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children(id)}
      {hint === undefined ? null : <p className="text-[13px]/5 text-ink-soft">{hint}</p>}
    </div>
  );
}

/** The words that a visitor will read, as they are written or as they will look, with names in their places. */
function Text({ text, site, onText }: { text: string; site: string; onText: (text: string) => void }) {
  const { me } = useLive();
  const [previewing, setPreviewing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const putIn = (name: string) => {
    if (field.current) insertText(field.current, field.current.selectionStart, field.current.selectionEnd, `{${name}}`);
  };
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between">
        <label htmlFor={id} className="font-medium">
          {words.canned.text}
        </label>
        <button
          type="button"
          aria-pressed={previewing}
          disabled={text.trim() === ""}
          onClick={() => { setPreviewing(!previewing); }}
          className="-my-2 min-h-10 cursor-pointer rounded-small px-1 text-[13px]/5 font-medium text-ink-soft underline underline-offset-2 not-disabled:hover:text-ink disabled:cursor-default disabled:no-underline disabled:opacity-60"
        >
          {previewing ? words.canned.goOn : words.canned.preview}
        </button>
      </div>
      {previewing ? (
        <div className="min-h-55 rounded-medium border border-line bg-surface px-4 py-3 text-[15px]/6">
          <Markdown text={fill(text, { visitor: words.canned.previewVisitor, agent: me.name, site })} />
        </div>
      ) : (
        <>
          <textarea ref={field} id={id} required rows={8} maxLength={4000} dir="auto" placeholder={words.canned.textPlaceholder} value={text} onChange={(event) => { onText(event.target.value); }} className={`py-2 ${FIELD}`} />
          <Variables onPutIn={putIn} />
        </>
      )}
      <p className="text-[13px]/5 text-ink-soft">{words.canned.variablesHint}</p>
    </div>
  );
}

function Variables({ onPutIn }: { onPutIn: (name: string) => void }) {
  return (
    <div role="group" aria-label={words.canned.putIn} className="flex flex-wrap gap-2">
      {Object.entries(words.canned.variables).map(([name, meaning]) => (
        <button
          key={name}
          type="button"
          onClick={() => { onPutIn(name); }}
          className="inline-flex min-h-10 cursor-pointer items-center gap-2 rounded-medium border border-line bg-surface px-3 text-[13px]/5 font-medium hover:bg-wash pointer-coarse:min-h-11"
        >
          {meaning}
          <span aria-hidden="true" className="font-normal text-ink-soft">{`{${name}}`}</span>
        </button>
      ))}
    </div>
  );
}
