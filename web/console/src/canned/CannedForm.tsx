import { useRef } from "react";

import { INPUT, Labelled, MarkdownField } from "../shell/fields";
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

/** What a canned answer consists of. */
export function CannedForm({ fields, sites, onChange }: CannedFormProps) {
  const { name, text, site } = fields;
  const names = Object.entries(sites);
  return (
    <>
      <Labelled label={words.canned.name} hint={words.canned.nameHint}>
        {(field) => <input {...field} required autoFocus={name === ""} maxLength={60} dir="auto" autoComplete="off" placeholder={words.canned.namePlaceholder} value={name} onChange={(event) => { onChange({ name: event.target.value }); }} className={INPUT} />}
      </Labelled>
      {names.length > 1 || site !== null ? (
        <Labelled label={words.canned.site}>
          {(field) => (
            <select {...field} value={site ?? ""} onChange={(event) => { onChange({ site: event.target.value || null }); }} className={INPUT}>
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

/** The words that a visitor will read, as they are written or as they will look, with names in their places. */
function Text({ text, site, onText }: { text: string; site: string; onText: (text: string) => void }) {
  const { me } = useLive();
  const field = useRef<HTMLTextAreaElement>(null);
  const putIn = (name: string) => {
    if (field.current) insertText(field.current, field.current.selectionStart, field.current.selectionEnd, `{${name}}`);
  };
  return (
    <div className="flex flex-col gap-1.5">
      <MarkdownField
        ref={field}
        label={words.canned.text}
        placeholder={words.canned.textPlaceholder}
        text={text}
        shown={fill(text, { visitor: words.canned.previewVisitor, agent: me.name, site })}
        rows={8}
        longest={4000}
        onText={onText}
      >
        <Variables onPutIn={putIn} />
      </MarkdownField>
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
