import { Button, icons } from "@havana/ui";

import { Card } from "../settings/parts";
import { INPUT, Labelled } from "../shell/fields";
import { DAYS, withSpan, type Day, type Span } from "./editing";
import { Heading, type Part } from "./SiteForm";
import { siteWords as say } from "./words";

/** A week, day by day; a day without hours is closed. */
export function HoursCard({ fields: { hours, timezone }, problems, onChange }: Part) {
  const change = (day: Day, spans: readonly Span[]) => onChange({ hours: { ...hours, [day]: spans } });
  const until = DAYS.slice(1, 5);
  const isNone = DAYS.every((day) => hours[day].length === 0);
  return (
    <Card>
      <Heading lead={isNone ? say.always : say.hoursLead}>{say.hours}</Heading>
      <div className="divide-y divide-line border-y border-line">
        {DAYS.map((day) => (
          <DayRow key={day} day={day} empty={isNone ? "" : say.closed} spans={hours[day]} problem={problems[`hours.${day}`]} onChange={(spans) => change(day, spans)} />
        ))}
      </div>
      {hours.mon.length > 0 && until.some((day) => JSON.stringify(hours[day]) !== JSON.stringify(hours.mon)) ? (
        <Button className="self-start" onClick={() => onChange({ hours: { ...hours, ...Object.fromEntries(until.map((day) => [day, hours.mon])) } })}>
          {say.sameOnWeekdays}
        </Button>
      ) : null}
      <Labelled label={say.zone} problem={problems.timezone}>
        {(field) => (
          <select {...field} value={timezone} onChange={(event) => { onChange({ timezone: event.target.value }); }} className={INPUT}>
            {[...new Set([timezone, "UTC", ...Intl.supportedValuesOf("timeZone")])].map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll("_", " ")}
              </option>
            ))}
          </select>
        )}
      </Labelled>
    </Card>
  );
}

interface DayRowProps {
  day: Day;
  /** What a day without hours says. */
  empty: string;
  spans: readonly Span[];
  problem: string | undefined;
  onChange: (spans: readonly Span[]) => void;
}

function DayRow({ day, empty, spans, problem, onChange }: DayRowProps) {
  const name = say.day[day];
  const told = problem === undefined ? undefined : `hours-${day}`;
  const put = (at: number, some: Partial<Span>) => onChange(spans.map((span, index) => (index === at ? { ...span, ...some } : span)));
  const time = (at: number, end: keyof Span, span: Span) => (
    <input
      type="time"
      aria-label={say[end](name)}
      aria-invalid={problem === undefined ? undefined : true}
      aria-describedby={told}
      value={span[end]}
      onChange={(event) => { put(at, { [end]: event.target.value }); }}
      className={`${INPUT} w-30! tabular-nums`}
    />
  );
  return (
    <div role="group" aria-label={name} className="flex flex-wrap items-start gap-x-3 gap-y-1 py-1.5">
      <span className="w-24 py-2.5">{name}</span>
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        {spans.length === 0 ? <span className="py-2.5 text-ink-soft">{empty}</span> : null}
        {spans.map((span, at) => (
          <span key={at} className="flex items-center gap-1.5">
            {time(at, "from", span)}
            <span aria-hidden="true" className="text-ink-soft">–</span>
            {time(at, "until", span)}
            <Button look="quiet" icon={icons.close} label={say.remove(name)} onClick={() => onChange(spans.filter((_, index) => index !== at))} />
          </span>
        ))}
        {problem === undefined ? null : <p id={told} className="text-[13px]/5 text-waiting">{problem}</p>}
      </div>
      <button
        type="button"
        aria-label={say.open(name)}
        onClick={() => onChange(withSpan(spans))}
        className="min-h-10 cursor-pointer rounded-small px-2 text-[13px]/5 font-medium text-ink-soft underline underline-offset-2 hover:text-ink pointer-coarse:min-h-11"
      >
        {say.addHours}
      </button>
    </div>
  );
}
