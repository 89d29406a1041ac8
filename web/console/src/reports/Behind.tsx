import { Button, icons, StateMark } from "@havana/ui";
import { useState } from "react";

import { Empty, Failed, ListSkeleton } from "../knowledge/parts";
import { useSites } from "../shell/sites";
import { useTeam } from "../shell/team";
import { RouteLink } from "../shell/RouteLink";
import { narrowedOf, searchOf, type Narrowed, type Wanted } from "./address";
import { AddressLink, show } from "./AddressLink";
import { duration, hourName, longDay } from "./figures";
import { useBehind, type Listed } from "./report";
import { reports as words } from "./words";

/** The conversations behind a figure, each the way to itself. */
export function Behind({ wanted, search }: { wanted: Wanted; search: string }) {
  const narrowed = narrowedOf(search);
  return (
    <>
      <header className="flex min-h-16 shrink-0 items-center gap-2 border-b border-line bg-surface px-2 py-2 md:px-4">
        <Button look="quiet" icon={icons.back} label={words.behind.back} onClick={() => show(searchOf(wanted))} />
        <div className="min-w-0">
          <h1 className="truncate text-base/6 font-semibold">{words.behind.figures[narrowed.figure]}</h1>
          <p className="truncate text-[13px]/5 text-ink-soft"><Scope wanted={wanted} narrowed={narrowed} /></p>
        </div>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <div className="mx-auto flex min-h-full max-w-3xl flex-col px-4 py-5 md:px-6">
          <Page key={searchOf(wanted, narrowed)} wanted={wanted} narrowed={narrowed} skip={0} />
        </div>
      </div>
    </>
  );
}

/** Some of them, and after these what was asked for besides. */
function Page({ wanted, narrowed, skip }: { wanted: Wanted; narrowed: Narrowed; skip: number }) {
  const { data, isError } = useBehind(wanted, narrowed, skip);
  const [more, setMore] = useState(false);
  if (isError) return <Failed text={words.behind.notLoaded} />;
  if (data === undefined) return <ListSkeleton />;
  const { conversations, next } = data;
  if (conversations.length === 0 && skip === 0) return <None wanted={wanted} />;
  return (
    <>
      <ul className="mb-3 divide-y divide-line overflow-hidden rounded-large border border-line bg-surface">
        {conversations.map((one, place) => (
          <li key={`${one.conversation} ${String(place)}`}><Row {...one} figure={narrowed.figure} /></li>
        ))}
      </ul>
      {next === null ? null : more ? (
        <Page wanted={wanted} narrowed={narrowed} skip={next} />
      ) : (
        <Button className="self-center" onClick={() => setMore(true)}>{words.behind.more}</Button>
      )}
    </>
  );
}

function None({ wanted }: { wanted: Wanted }) {
  return (
    <Empty icon={icons.chart} heading={words.behind.none} lead={words.behind.noneLead}>
      <AddressLink search={searchOf(wanted)} className="min-h-10 rounded-small px-2 font-medium underline underline-offset-2">{words.behind.back}</AddressLink>
    </Empty>
  );
}

function Scope({ wanted, narrowed }: { wanted: Wanted; narrowed: Narrowed }) {
  const sites = useSites().data ?? [];
  const team = useTeam(wanted.agent !== null).data ?? [];
  const told = [
    words.behind.from(longDay(wanted.from), longDay(wanted.to)),
    narrowed.hour === null ? "" : words.behind.atHour(hourName(narrowed.hour)),
    narrowed.reason === null ? "" : (words.reasons[narrowed.reason] ?? narrowed.reason),
    narrowed.assistant ? words.behind.assistant : "",
    sites.find(({ key }) => key === wanted.site)?.name ?? "",
    team.find(({ id }) => id === wanted.agent)?.name ?? "",
  ];
  return told.filter((part) => part !== "").join(" · ");
}

const WHEN = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

function Row({ conversation, visitor, preview, control, at, value, figure }: Listed & Pick<Narrowed, "figure">) {
  return (
    <RouteLink to={{ page: "inbox", conversation }} className="flex min-h-16 items-center gap-4 px-4 py-2 hover:bg-wash focus-visible:-outline-offset-2">
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <bdi className="truncate font-medium">{visitor}</bdi>
          <StateMark control={control} />
        </span>
        <bdi className="block truncate text-ink-soft">{preview}</bdi>
      </span>
      <span className="shrink-0 text-end tabular-nums">
        {value === null ? null : <span className="block font-medium">{figure === "ratings" ? words.behind.score(value) : duration(value)}</span>}
        <time dateTime={at} className="block text-[13px]/5 text-ink-soft">{WHEN.format(new Date(at))}</time>
      </span>
    </RouteLink>
  );
}
