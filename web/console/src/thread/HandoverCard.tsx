import { Icon, icons } from "@havana/ui";

import { words } from "../words";
import type { Brief, Handover } from "./handover";
import { languageName, needsNote, reasonLine } from "./lines";

/** For the team: why a person was called, and what to know before saying a word. */
export function HandoverCard({ item }: { item: Handover }) {
  const { brief, reason } = item;
  const note = needsNote(reason, brief) ? item.summary : "";
  return (
    <div
      data-item={item.id}
      data-fact="handover"
      className="mx-auto mt-2 w-full max-w-lg rounded-medium border border-note-line bg-note px-3.5 py-2.5 text-[13px]/5 text-note-ink"
    >
      <p className="flex items-center gap-2 font-medium">
        <Icon outline={icons.lock} label={words.message.note} />
        {brief ? words.brief.heading : words.handover.heading}
      </p>
      {reason === null ? null : <p className="mt-1">{reasonLine(reason)}</p>}
      {item.redacted ? <p>{words.message.removed}</p> : null}
      {note ? (
        <p dir="auto" className="mt-1 [overflow-wrap:anywhere]">
          {note}
        </p>
      ) : null}
      {brief ? <BriefLines brief={brief} /> : null}
    </div>
  );
}

function BriefLines({ brief }: { brief: Brief }) {
  if (brief.redacted) return <p className="mt-1">{words.message.removed}</p>;
  const lines = [
    [words.brief.who, brief.who],
    [words.brief.wants, brief.wants],
    [words.brief.tried, brief.tried],
    [words.brief.open, brief.open],
    [words.brief.mood, words.brief[brief.mood]],
    [words.brief.language, languageName(brief.language)],
  ] as const;
  return (
    <>
      <dl aria-label={words.brief.heading} className="mt-1.5 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        {lines.map(([name, line]) =>
          line ? (
            <div key={name} className="contents">
              <dt className="opacity-85">{name}</dt>
              <dd dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
                {line}
              </dd>
            </div>
          ) : null,
        )}
      </dl>
      <p className="mt-2 flex items-center gap-1.5 text-xs/4 opacity-85">
        <Icon outline={icons.palm} />
        {words.brief[brief.by]}
      </p>
    </>
  );
}
