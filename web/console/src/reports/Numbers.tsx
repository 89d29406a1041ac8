import { searchOf, type FigureName, type Wanted } from "./address";
import { AddressLink } from "./AddressLink";
import { change, duration, number, percent, solvedShare, type Wait } from "./figures";
import type { Compared } from "./report";
import { reports as words } from "./words";

interface NumberShown {
  label: string;
  figure: FigureName;
  value: string;
  more?: string;
  before: string;
}

/** The figures at a glance, each compared, and each the way to its conversations. */
export function Numbers({ figures: { now, before }, wanted }: { figures: Compared; wanted: Wanted }) {
  const [share, shareBefore] = [solvedShare(now), solvedShare(before)];
  const shown: NumberShown[] = [
    counted(words.conversations, "conversations", now.conversations, before.conversations),
    {
      label: words.solved,
      figure: "solved",
      value: share === null ? words.nothing : percent(share),
      more: words.ofOver(number(now.conversations - now.open)),
      before: shareBefore === null ? "" : words.before(percent(shareBefore)),
    },
    counted(words.handovers, "handovers", now.handovers, before.handovers),
    waited(words.claim, "claims", now.claim, before.claim),
    waited(words.words, "words", now.words, before.words),
    {
      label: words.ratings,
      figure: "ratings",
      value: now.ratings.mean === null ? words.nothing : now.ratings.mean.toFixed(1),
      more: words.ofFive(now.ratings.count, number(now.ratings.count)),
      before: before.ratings.mean === null ? "" : words.before(before.ratings.mean.toFixed(1)),
    },
    counted(words.unanswered, "unanswered", now.unanswered, before.unanswered),
  ];
  // Of one agent there are those that they took over: the assistant alone, and its questions, are nobody's.
  const some = wanted.agent === null ? shown : shown.filter(({ figure }) => figure !== "solved" && figure !== "unanswered");
  return (
    <section aria-label={words.numbers}>
      <ul className="grid grid-cols-2 gap-3 @3xl:grid-cols-4">
        {some.map((one) => (
          <li key={one.figure} className="first:col-span-2">
            <Tile {...one} search={searchOf(wanted, { figure: one.figure })} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tile({ label, value, more, before, search }: NumberShown & { search: string }) {
  return (
    <AddressLink
      list
      search={search}
      className="flex h-full min-w-0 flex-col rounded-large border border-line bg-surface p-4 shadow-low transition-colors hover:border-ink-soft/40"
    >
      <span className="text-ink-soft">{label}</span>
      <span className="mt-1 text-[28px]/9 font-semibold tracking-tight tabular-nums">{value}</span>
      {more === undefined || value === words.nothing ? null : <span className="text-[13px]/5 text-ink-soft">{more}</span>}
      <span className="mt-auto min-h-5 pt-1 text-[13px]/5 text-ink-soft tabular-nums">{before}</span>
    </AddressLink>
  );
}

function counted(label: string, figure: FigureName, now: number, before: number): NumberShown {
  const told = [words.before(number(before)), change(now, before)].filter((part) => part !== "");
  return { label, figure, value: number(now), before: told.join(", ") };
}

function waited(label: string, figure: FigureName, now: Wait, before: Wait): NumberShown {
  return {
    label,
    figure,
    value: now.median_s === null ? words.nothing : duration(now.median_s),
    more: words.nineOfTen(duration(now.p90_s ?? 0)),
    before: before.median_s === null ? "" : words.before(duration(before.median_s)),
  };
}
