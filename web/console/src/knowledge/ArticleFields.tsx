import { FIELD, INPUT, Labelled, MarkdownField } from "../shell/fields";
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
        {(field) => <input {...field} required autoFocus={fields.title === ""} maxLength={200} dir="auto" placeholder={words.knowledge.titlePlaceholder} value={fields.title} onChange={(event) => { onChange({ title: event.target.value }); }} className={INPUT} />}
      </Labelled>
      <SiteChoice sites={sites} site={fields.site} onSite={(site) => { onChange({ site }); }} />
      <MarkdownField
        label={words.knowledge.text}
        placeholder={words.knowledge.textPlaceholder}
        text={fields.text}
        shown={fields.text}
        rows={9}
        longest={50_000}
        onText={(text) => { onChange({ text }); }}
      />
      <Labelled label={words.knowledge.alsoAsked} hint={words.knowledge.alsoAskedHint}>
        {(field) => <textarea {...field} rows={Math.min(8, Math.max(3, fields.questions.split("\n").length + 1))} dir="auto" value={fields.questions} onChange={(event) => { onChange({ questions: event.target.value }); }} className={`py-2 ${FIELD}`} />}
      </Labelled>
      <Labelled label={words.knowledge.link} hint={words.knowledge.linkHint}>
        {(field) => <input {...field} type="url" maxLength={2000} placeholder="https://" value={fields.url} onChange={(event) => { onChange({ url: event.target.value }); }} className={INPUT} />}
      </Labelled>
    </>
  );
}

/** Only where there is a choice. */
function SiteChoice({ sites, site, onSite }: { sites: Sites; site: string | null; onSite: (site: string) => void }) {
  const names = Object.entries(sites);
  if (names.length < 2) return null;
  return (
    <Labelled label={words.knowledge.site}>
      {(field) => (
        <select {...field} value={site ?? ""} onChange={(event) => { onSite(event.target.value); }} className={INPUT}>
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
