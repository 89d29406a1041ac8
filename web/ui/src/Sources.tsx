import { Icon } from "./Icon";
import { safeHref } from "./links";
import { chevron, external } from "./outlines";
import { words } from "./words";

export interface SourceProps {
  title: string;
  heading?: string | undefined;
  url?: string | null | undefined;
  quote?: string | null | undefined;
}

/**
 * Numbered chips under an answer; each opens a card with the passage that was used.
 *
 * Built of <details>, which opens without script; `name` makes it one card at a time per answer.
 */
export function Sources({ sources, name }: { sources: readonly SourceProps[]; name: string }) {
  if (sources.length === 0) return null;
  return (
    <div role="group" aria-label={words.sources} className="mt-1.5 flex flex-wrap gap-1.5 text-[13px] leading-5">
      {sources.map((source, i) => (
        <details
          key={i}
          name={`sources-${name}`}
          className="group max-w-full rounded-medium border border-line bg-surface text-ink open:w-full hover:border-ink-soft/40"
        >
          <summary className="flex min-h-8 cursor-pointer list-none items-center gap-1.5 rounded-medium px-2 py-1 text-ink-soft group-open:text-ink hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
            <span className="grid size-4 shrink-0 place-items-center rounded-full bg-assistant-soft text-[11px] leading-none text-assistant tabular-nums">
              {i + 1}
            </span>
            <span className="truncate group-open:whitespace-normal" dir="auto">
              {source.heading ? `${source.title} · ${source.heading}` : source.title}
            </span>
            <Icon outline={chevron} className="ms-auto group-open:rotate-180" />
          </summary>
          <SourceCard {...source} />
        </details>
      ))}
    </div>
  );
}

function SourceCard({ url, quote }: SourceProps) {
  const href = url ? safeHref(url) : null;
  return (
    <div className="flex flex-col gap-2 ps-7.5 pe-3 pb-2">
      {quote ? (
        <p className="max-h-48 overflow-y-auto whitespace-pre-line text-ink-soft" dir="auto">
          {quote}
        </p>
      ) : null}
      {href ? (
        <a
          href={href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="inline-flex w-fit items-center gap-1.5 text-palm underline underline-offset-2"
        >
          {words.openSource}
          <Icon outline={external} />
        </a>
      ) : null}
    </div>
  );
}
