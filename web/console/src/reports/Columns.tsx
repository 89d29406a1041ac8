import { searchOf, type Narrowed, type Wanted } from "./address";
import { AddressLink } from "./AddressLink";
import { axis, labelStep, number } from "./figures";

export interface Part {
  /** How it is filled. */
  look: string;
  name: string;
}
export interface Column {
  key: string;
  /** Under it. */
  label: string;
  /** Of each part, from the bottom up or side by side. */
  values: number[];
  title: string;
  wanted: Wanted;
  narrowed: Partial<Narrowed>;
}

interface ColumnsProps {
  columns: readonly Column[];
  parts: readonly Part[];
  /** Parts stand on each other, or beside each other. */
  stacked: boolean;
}

/** Columns over an axis. For eyes and pointers: everything in it, and its links, are in the table beside it too. */
export function Columns({ columns, parts, stacked }: ColumnsProps) {
  const heights = columns.map(({ values }) => (stacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values)));
  const { marks, end } = axis(Math.max(...heights));
  const step = labelStep(columns.length, 6);
  const apart = columns.length > 24 ? "px-px" : "px-1";
  const high = (value: number) => `${String((value / end) * 100)}%`;
  return (
    <div aria-hidden="true">
      <Legend parts={parts} />
      <div className="flex">
        <div className="relative me-2 h-48 shrink-0 text-right text-[11px]/4 text-ink-soft tabular-nums">
          {/* As wide as the longest mark. */}
          <span className="invisible">{number(end)}</span>
          {marks.map((mark) => (
            <span key={mark} className="absolute end-0 translate-y-1/2" style={{ bottom: high(mark) }}>{number(mark)}</span>
          ))}
        </div>
        <div className="min-w-0 flex-1">
          <div className="relative h-48">
            {marks.map((mark) => (
              <div key={mark} className={`absolute inset-x-0 border-t ${mark === 0 ? "border-ink-soft/50" : "border-line"}`} style={{ bottom: high(mark) }} />
            ))}
            <div className="absolute inset-0 flex">
              {columns.map(({ key, values, title, wanted, narrowed }) => (
                <AddressLink key={key} list tabIndex={-1} title={title} search={searchOf(wanted, narrowed)} className={`flex min-w-0 flex-1 hover:bg-wash ${apart} ${stacked ? "flex-col-reverse" : "items-end justify-center"}`}>
                  {values.map((value, place) => (
                    <span key={parts[place]?.name} className={`${parts[place]?.look ?? ""} ${stacked ? "" : "max-w-3 flex-1 rounded-t-[3px]"}`} style={{ height: high(value) }} />
                  ))}
                </AddressLink>
              ))}
            </div>
          </div>
          <div className="flex pt-1.5 text-[11px]/4 text-ink-soft tabular-nums">
            {columns.map(({ key, label }, place) => (
              <span key={key} className="relative h-4 min-w-0 flex-1">
                {place % step === 0 ? <span className="absolute start-1/2 -translate-x-1/2 whitespace-nowrap rtl:translate-x-1/2">{label}</span> : null}
              </span>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

function Legend({ parts }: { parts: readonly Part[] }) {
  return (
    <ul className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-[13px]/5 text-ink-soft">
      {parts.map(({ look, name }) => (
        <li key={name} className="flex items-center gap-1.5">
          <span className={`size-2.5 rounded-[3px] ${look}`} />
          {name}
        </li>
      ))}
    </ul>
  );
}
