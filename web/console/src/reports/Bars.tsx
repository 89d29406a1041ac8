import { searchOf, type Narrowed, type Wanted } from "./address";
import { AddressLink } from "./AddressLink";
import { axis, number } from "./figures";

export interface Bar {
  key: string;
  label: string;
  now: number;
  before: number;
  narrowed: Partial<Narrowed>;
}

/** Bars from a line on, each under its name. For eyes and pointers, as `Columns`. */
export function Bars({ bars, wanted }: { bars: readonly Bar[]; wanted: Wanted }) {
  const { marks, end } = axis(Math.max(...bars.flatMap(({ now, before }) => [now, before])));
  const far = (value: number) => `${String((value / end) * 100)}%`;
  return (
    <div aria-hidden="true" className="pe-4">
      <div className="relative">
        {marks.map((mark) => (
          <div key={mark} className={`absolute inset-y-0 border-s ${mark === 0 ? "border-ink-soft/50" : "border-line"}`} style={{ insetInlineStart: far(mark) }} />
        ))}
        {bars.map(({ key, label, now, before, narrowed }) => (
          <AddressLink key={key} list tabIndex={-1} title={`${label}: ${number(now)}`} search={searchOf(wanted, narrowed)} className="relative block rounded-e-small py-1.5 hover:bg-wash">
            <span className="ms-1.5 block truncate text-[13px]/5">{label}</span>
            <span className="mt-0.5 block h-3 rounded-e-[3px] bg-palm" style={{ width: far(now) }} />
            <span className="mt-px block h-1.5 rounded-e-[3px] bg-ink-soft/40" style={{ width: far(before) }} />
          </AddressLink>
        ))}
      </div>
      <div className="relative mt-1.5 h-4 text-[11px]/4 text-ink-soft tabular-nums">
        {marks.map((mark) => (
          <span key={mark} className="absolute -translate-x-1/2 rtl:translate-x-1/2" style={{ insetInlineStart: far(mark) }}>{number(mark)}</span>
        ))}
      </div>
    </div>
  );
}
