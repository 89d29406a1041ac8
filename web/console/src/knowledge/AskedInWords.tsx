import { Icon, icons } from "@havana/ui";

import { words } from "../words";

/** So many stand there at once; the others are one click away. */
const FIRST = 3;

interface AskedInWordsProps {
  wordings: readonly string[];
  /** The lines of the field below. */
  added: readonly string[];
  onToggle: (wording: string) => void;
}

/** Beside the article: what it is for, in the visitors' own words. By a click one of them becomes a line to be found by. */
export function AskedInWords({ wordings, added, onToggle }: AskedInWordsProps) {
  const items = wordings.map((wording) => (
    <li key={wording} className="border-b border-line last:border-0">
      <Wording text={wording} isAdded={added.includes(wording)} onToggle={() => { onToggle(wording); }} />
    </li>
  ));
  const more = items.slice(FIRST);
  return (
    <aside aria-label={words.knowledge.inWords} className="rounded-large border border-line bg-surface px-4 py-3 shadow-low @4xl:sticky @4xl:top-5 @4xl:order-last">
      <h2 className="font-medium">{words.knowledge.inWords}</h2>
      <p className="mt-0.5 text-[13px]/5 text-ink-soft">{words.knowledge.inWordsHint}</p>
      <ul className="mt-2 border-t border-line">{items.slice(0, FIRST)}</ul>
      {more.length > 0 ? (
        <details className="group border-t border-line">
          <summary className="-ms-1 inline-flex min-h-10 cursor-pointer list-none items-center gap-1 rounded-small px-1 text-[13px]/5 text-ink-soft hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
            {words.knowledge.more(more.length)}
            <Icon outline={icons.chevron} className="group-open:rotate-180" />
          </summary>
          <ul>{more}</ul>
        </details>
      ) : null}
    </aside>
  );
}

function Wording({ text, isAdded, onToggle }: { text: string; isAdded: boolean; onToggle: () => void }) {
  return (
    <div className="flex items-start gap-2 py-1">
      <p dir="auto" className="min-w-0 flex-1 py-2.5 text-left pointer-coarse:py-3 [overflow-wrap:anywhere]">
        {text}
      </p>
      <button
        type="button"
        aria-pressed={isAdded}
        aria-label={words.knowledge.addNamed(text)}
        onClick={onToggle}
        className="-me-2 inline-flex h-10 shrink-0 cursor-pointer items-center gap-1 rounded-medium px-2 text-[13px]/5 font-medium text-ink-soft hover:bg-wash hover:text-ink aria-pressed:text-palm pointer-coarse:h-11"
      >
        {isAdded ? <Icon outline={icons.done} /> : null}
        {isAdded ? words.knowledge.added : words.knowledge.add}
      </button>
    </div>
  );
}
