import { Bars } from "./Bars";
import { Columns, type Part } from "./Columns";
import type { Wanted } from "./address";
import { dayInWeek, duration, hourName, inColumns, longDay, number, percent, shortDay, solvedShare, type Score, type Wait } from "./figures";
import type { Report } from "./report";
import { counts, Section, type Line } from "./Section";
import { reports as words } from "./words";

interface Told {
  report: Report;
  wanted: Wanted;
}

const OUTCOMES: readonly Part[] = [
  { look: "bg-assistant", name: words.solved },
  { look: "bg-person", name: words.person },
  { look: "bg-ink-soft/40", name: words.other },
];
const PERIODS: readonly Part[] = [
  { look: "bg-ink-soft/40", name: words.beforeColumn },
  { look: "bg-palm", name: words.now },
];

const VOLUME = [{ figure: "conversations" }, { figure: "solved" }, { figure: "person" }] as const;
const WAITS = [{ figure: "claims" }, { figure: "claims" }, { figure: "words" }, { figure: "words" }] as const;

export function Volume({ report, wanted }: Told) {
  const { weekly, columns } = inColumns(report.days);
  const shown = columns.map(({ day, last, conversations, solved, person }) => ({
    key: day,
    label: shortDay(day),
    values: [solved, person, conversations - solved - person],
    title: `${longDay(day)}: ${number(conversations)}`,
    wanted: { ...wanted, from: day, to: last },
    narrowed: { figure: "conversations" } as const,
  }));
  const lines = columns.map(({ day, conversations, solved, person }, place) =>
    counts(day, dayInWeek(day), [conversations, solved, person], shown[place]?.wanted ?? wanted, VOLUME),
  );
  return (
    <Section
      heading={weekly ? words.volumeByWeek : words.volume}
      lead={words.volumeLead}
      wanted={wanted}
      columns={[weekly ? words.week : words.day, words.conversations, words.solvedShort, words.person]}
      lines={lines}
    >
      <Columns columns={shown} parts={OUTCOMES} stacked />
    </Section>
  );
}

export function ByHour({ report, wanted }: Told) {
  const narrowed = (name: string) => ({ figure: "conversations" as const, hour: Number(name) });
  const shown = report.hours.map(({ name, now, before }) => ({
    key: name,
    label: hourName(name),
    values: [before, now],
    title: `${hourName(name)}: ${number(now)}`,
    wanted,
    narrowed: narrowed(name),
  }));
  const lines = report.hours.map(({ name, now, before }) => counts(name, hourName(name), [now, before], wanted, [narrowed(name), null]));
  return (
    <Section heading={words.byHour} lead={words.byHourLead} wanted={wanted} columns={[words.hour, words.now, words.beforeColumn]} lines={lines}>
      <Columns columns={shown} parts={PERIODS} stacked={false} />
    </Section>
  );
}

export function ByReason({ report, wanted }: Told) {
  const shown = report.reasons.map(({ name, now, before }) => ({
    key: name,
    label: words.reasons[name] ?? name,
    now,
    before,
    narrowed: { figure: "handovers" as const, reason: name },
  }));
  const lines = shown.map(({ key, label, now, before, narrowed }) => counts(key, label, [now, before], wanted, [narrowed, null]));
  return (
    <Section heading={words.byReason} lead={words.byReasonLead} wanted={wanted} columns={[words.reason, words.now, words.beforeColumn]} lines={lines} none={words.noHandovers}>
      <Bars bars={shown} wanted={wanted} />
    </Section>
  );
}

export function Satisfaction({ report: { satisfaction, agents }, wanted }: Told) {
  const { assistant, people } = satisfaction;
  const line = (key: string, name: string, { count, mean }: Score, of: Wanted, narrowed: Line["behind"][number]): Line => ({
    key,
    cells: [name, scored(mean), number(count)],
    raw: [name, mean, count],
    wanted: of,
    behind: [null, narrowed],
  });
  const lines = [
    line("assistant", words.assistantAlone, assistant, wanted, { figure: "ratings", assistant: true }),
    line("people", words.people, people, wanted, null),
    ...agents.filter(({ ratings }) => ratings.count > 0).map(({ agent, name, ratings }) => line(agent, name, ratings, { ...wanted, agent }, { figure: "ratings" })),
  ];
  return (
    <Section
      heading={words.satisfaction}
      lead={words.satisfactionLead}
      wanted={wanted}
      columns={[words.who, words.score, words.count]}
      lines={assistant.count + people.count === 0 ? [] : lines}
      none={words.noRatings}
    />
  );
}

export function BySite({ report, wanted }: Told) {
  const lines = report.sites.map(({ site, name, figures: { now } }): Line => {
    const share = solvedShare(now);
    return {
      key: site,
      cells: [
        name,
        number(now.conversations),
        share === null ? words.nothing : percent(share),
        number(now.handovers),
        waited(now.claim.median_s),
        waited(now.words.median_s),
        scored(now.ratings.mean),
        number(now.unanswered),
      ],
      raw: [name, now.conversations, share, now.handovers, now.claim.median_s, now.words.median_s, now.ratings.mean, now.unanswered],
      wanted: { ...wanted, site },
      behind: (["conversations", "solved", "handovers", "claims", "words", "ratings", "unanswered"] as const).map((figure) => ({ figure })),
    };
  });
  const columns = [words.site, words.conversations, words.solvedShort, words.handovers, words.claim, words.words, words.ratings, words.unanswered];
  return <Section heading={words.bySite} wanted={wanted} columns={columns} lines={lines} />;
}

export function ByAgent({ report, wanted }: Told) {
  const times = ({ median_s, p90_s }: Wait) => [median_s, p90_s];
  const lines = report.agents.map(
    ({ agent, name, handovers, claim, words: first, ratings }): Line => ({
      key: agent,
      cells: [name, number(handovers), ...times(claim).map(waited), ...times(first).map(waited), scored(ratings.mean)],
      raw: [name, handovers, ...times(claim), ...times(first), ratings.mean],
      wanted: { ...wanted, agent },
      behind: [{ figure: "handovers" }, ...WAITS, { figure: "ratings" }],
    }),
  );
  const columns = [words.agent, words.handovers, words.claim, `${words.claim}, ${words.p90}`, words.words, `${words.words}, ${words.p90}`, words.ratings];
  return <Section heading={words.byAgent} lead={words.byAgentLead} wanted={wanted} columns={columns} lines={lines} none={words.noAgents} />;
}

function waited(seconds: number | null): string {
  return seconds === null ? words.nothing : duration(seconds);
}

function scored(mean: number | null): string {
  return mean === null ? words.nothing : mean.toFixed(1);
}
