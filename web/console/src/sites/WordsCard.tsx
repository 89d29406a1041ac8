import { Icon, icons } from "@havana/ui";

import { Card } from "../settings/parts";
import { FIELD, Labelled } from "../shell/fields";
import { Heading, type Part } from "./SiteForm";
import { siteWords as say } from "./words";

type Named = readonly [word: string, label: string];

/** What Havana itself says to visitors, by when it does. */
export function WordsCard(part: Part) {
  const groups = say.groups.map(([heading, labels]) => [heading, Object.entries(labels).filter(([word]) => word in part.site.own_words)] as const);
  const known = new Set(groups.flatMap(([, named]) => named.map(([word]) => word)));
  // A newer server may say more than this page has names for.
  const others = Object.keys(part.site.own_words).filter((word) => !known.has(word)).map((word): Named => [word, word.replaceAll("_", " ")]);
  return (
    <Card>
      <Heading lead={say.wordsLead}>{say.words}</Heading>
      <div className="divide-y divide-line border-y border-line">
        {groups.map(([heading, named]) => <Group key={heading} {...part} heading={heading} named={named} />)}
        {others.length > 0 ? <Group {...part} heading={say.otherWords} named={others} /> : null}
      </div>
    </Card>
  );
}

function Group({ site, fields, problems, onChange, heading, named }: Part & { heading: string; named: readonly Named[] }) {
  const own = named.filter(([word]) => (fields.words[word] ?? "") !== "").length;
  const isWrong = named.some(([word]) => `words.${word}` in problems);
  return (
    <details className="group" {...(isWrong ? { open: true } : {})}>
      <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2 font-medium hover:underline hover:underline-offset-2 [&::-webkit-details-marker]:hidden">
        <Icon outline={icons.chevron} className="-rotate-90 text-ink-soft group-open:rotate-0" />
        <span className="flex-1">{heading}</span>
        {own > 0 ? <span className="text-[13px]/5 font-normal text-ink-soft">{say.own(own)}</span> : null}
      </summary>
      <div className="flex flex-col gap-4 pt-1 pb-4">
        {named.map(([word, label]) => (
          <Labelled key={word} label={label} problem={problems[`words.${word}`]}>
            {(field) => (
              <textarea
                {...field}
                rows={2}
                dir="auto"
                placeholder={site.own_words[word]}
                value={fields.words[word] ?? ""}
                onChange={(event) => { onChange({ words: { ...fields.words, [word]: event.target.value } }); }}
                className={`field-sizing-content py-2 ${FIELD}`}
              />
            )}
          </Labelled>
        ))}
      </div>
    </details>
  );
}
