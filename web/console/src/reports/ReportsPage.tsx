import { useQueryClient } from "@tanstack/react-query";
import { clockTime, icons } from "@havana/ui";
import { useEffect } from "react";

import { Empty, Failed, ListSkeleton } from "../knowledge/parts";
import { RestRefused } from "../shell/rest";
import { wantedOf, type Wanted } from "./address";
import { useSearch } from "./AddressLink";
import { Behind } from "./Behind";
import { days, includesToday, longDay } from "./figures";
import { Filters } from "./Filters";
import { Numbers } from "./Numbers";
import { useReport, ZONE, type Report } from "./report";
import { ByAgent, ByHour, ByReason, BySite, Satisfaction, Volume } from "./sections";
import { reports as words } from "./words";

/** What a team lead looks at weekly; with a part, the conversations behind a figure of it. */
export function ReportsPage({ part }: { part: string | null }) {
  const search = useSearch();
  const queries = useQueryClient();
  // What was counted an hour ago is not worth a look; what was counted before a look at a conversation is.
  useEffect(() => () => void queries.invalidateQueries({ queryKey: ["report"], refetchType: "none" }), [queries]);
  const wanted = wantedOf(search, new Date());
  return (
    <section aria-label={words.page} className="flex h-full min-h-0 min-w-0 flex-1 flex-col bg-ground">
      {part === null ? <Overview wanted={wanted} /> : <Behind wanted={wanted} search={search} />}
    </section>
  );
}

function Overview({ wanted }: { wanted: Wanted }) {
  const { data, error, isPlaceholderData } = useReport(wanted);
  return (
    <>
      <header className="flex min-h-16 shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2 md:px-6">
        <h1 className="text-base/6 font-semibold">{words.page}</h1>
        <Filters wanted={wanted} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <div aria-busy={isPlaceholderData} className="@container mx-auto flex min-h-full max-w-6xl flex-col gap-6 px-4 py-5 aria-busy:opacity-60 md:px-6">
          {error ? <Failed text={refused(error)} /> : null}
          {data ? <Told report={data} wanted={wanted} /> : error ? null : <ListSkeleton />}
        </div>
      </div>
    </>
  );
}

function Told({ report, wanted }: { report: Report; wanted: Wanted }) {
  const { figures, compared_from: from, compared_to: to, counted_until: until } = report;
  const { now, before } = figures;
  const isEmpty = [now, before].every((one) => one.conversations + one.handovers + one.ratings.count + one.unanswered === 0);
  const notes = [words.compared(days(from, to), ZONE), includesToday(wanted.to, new Date()) ? words.today : ""];
  if (isEmpty && until === null) return <Empty icon={icons.chart} heading={words.none} lead={words.noneLead} />;
  return (
    <>
      {until === null ? null : (
        <p role="status" className="rounded-medium bg-note px-4 py-2.5 text-note-ink">
          {words.counting(`${longDay(until.slice(0, 10))}, ${clockTime(until)}`)}
        </p>
      )}
      <div>
        <Numbers figures={figures} wanted={wanted} />
        <p className="mt-2 text-[13px]/5 text-ink-soft">{notes.join(" ")}</p>
      </div>
      <Volume report={report} wanted={wanted} />
      <ByHour report={report} wanted={wanted} />
      <ByReason report={report} wanted={wanted} />
      <Satisfaction report={report} wanted={wanted} />
      {report.sites.length > 1 ? <BySite report={report} wanted={wanted} /> : null}
      <ByAgent report={report} wanted={wanted} />
    </>
  );
}

function refused(error: Error): string {
  if (!(error instanceof RestRefused)) return words.notLoaded;
  if (error.status === 403) return words.forbidden;
  return error.status === 400 ? words.badDays : words.notLoaded;
}
