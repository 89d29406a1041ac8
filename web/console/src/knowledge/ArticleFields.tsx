import { Markdown } from "@havana/ui";
import { useId, useState, type ReactNode } from "react";

import { words } from "../words";
import type { Fields } from "./editing";
import type { Sites } from "./knowledge";

interface ArticleFieldsProps {
  fields: Fields;
  onChange: (some: Partial<Fields>) => void;
  /** The sites that it may be for, if that is still to be said. */
  sites: Sites;
}

/** What an article consists of, to be written. */
export function ArticleFields({ fields, onChange, sites }: ArticleFieldsProps) {
  return (
    <>
      <Labelled label={words.knowledge.title} hint={words.knowledge.titleHint}>
        {(id) => <input id={id} required autoFocus={fields.title === ""} maxLength={200} dir="auto" placeholder={words.knowledge.titlePlaceholder} value={fields.title} onChange={(event) => { onChange({ title: event.target.value }); }} className={`h-10 pointer-coarse:h-11 ${FIELD}`} />}
      </Labelled>
      <SiteChoice sites={sites} site={fields.site} onSite={(site) => { onChange({ site }); }} />
      <Answer text={fields.text} onText={(text) => { onChange({ text }); }} />
      <Labelled label={words.knowledge.alsoAsked} hint={words.knowledge.alsoAskedHint}>
        {(id) => <textarea id={id} rows={Math.min(8, Math.max(3, fields.questions.split("\n").length + 1))} dir="auto" value={fields.questions} onChange={(event) => { onChange({ questions: event.target.value }); }} className={`py-2 ${FIELD}`} />}
      </Labelled>
      <Labelled label={words.knowledge.link} hint={words.knowledge.linkHint}>
        {(id) => <input id={id} type="url" maxLength={2000} placeholder="https://" value={fields.url} onChange={(event) => { onChange({ url: event.target.value }); }} className={`h-10 pointer-coarse:h-11 ${FIELD}`} />}
      </Labelled>
    </>
  );
}

const FIELD = "w-full rounded-medium border border-line bg-surface px-3 text-[15px]/6 placeholder:text-ink-soft";

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

/** Only where there is a choice. */
function SiteChoice({ sites, site, onSite }: { sites: Sites; site: string | null; onSite: (site: string) => void }) {
  const names = Object.entries(sites);
  if (names.length < 2) return null;
  return (
    <Labelled label={words.knowledge.site}>
      {(id) => (
        <select id={id} value={site ?? ""} onChange={(event) => { onSite(event.target.value); }} className={`h-10 pointer-coarse:h-11 ${FIELD}`}>
          {names.map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** The words that visitors will read, as they are written or as they will look. */
function Answer({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [previewing, setPreviewing] = useState(false);
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between">
        <label htmlFor={id} className="font-medium">
          {words.knowledge.text}
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
          <Markdown text={text} />
        </div>
      ) : (
        <textarea id={id} required rows={9} maxLength={50_000} dir="auto" placeholder={words.knowledge.textPlaceholder} value={text} onChange={(event) => { onText(event.target.value); }} className={`py-2 ${FIELD}`} />
      )}
    </div>
  );
}
