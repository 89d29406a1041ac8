import { elapsed, fullTime, Icon, icons, StateMark } from "@havana/ui";

import { useLive } from "../shell/live";
import { useTarget } from "../shell/sites";
import { useSecond } from "../shell/useTick";
import { words } from "../words";
import { paceOf, type Pace } from "./waiting";

interface WaitClockProps {
  since: string;
  /** The site's id. */
  site: string | null | undefined;
}

const INK: Readonly<Record<Pace, string>> = { calm: "text-ink-soft", due: "text-due", over: "text-waiting" };
const OUTLINE = { due: icons.clock, over: icons.warning } as const;

/** In a list: that somebody waits, and how that stands; in words and by a sign as well as by the colour. */
export function WaitClock(props: WaitClockProps) {
  const { pace, clock } = useWait(props);
  return (
    <span data-pace={pace} data-control="pending" className={`inline-flex shrink-0 items-center gap-1.5 text-xs/5 [&>time]:font-medium ${INK[pace]}`}>
      {pace === "calm" ? (
        <StateMark control="pending" />
      ) : (
        <span className="inline-flex items-center gap-1 font-medium">
          <Icon outline={OUTLINE[pace]} size={16} />
          {words.inbox.pace[pace]}
        </span>
      )}
      {clock}
    </span>
  );
}

/** Beside words that say that somebody waits. */
export function WaitedFor(props: WaitClockProps) {
  const { pace, clock } = useWait(props);
  return (
    <span data-pace={pace} className={`inline-flex shrink-0 items-center gap-1.5 [&>time]:font-medium ${INK[pace]}`}>
      {pace === "calm" ? null : <Icon outline={OUTLINE[pace]} />}
      {pace === "calm" ? null : <span className="font-medium @max-sm:sr-only">{words.inbox.pace[pace]}</span>}
      {clock}
    </span>
  );
}

/** As a number among others: the longest of all waits. */
export function WaitFigure(props: WaitClockProps) {
  const { pace, clock } = useWait(props);
  return (
    <span data-pace={pace} className={pace === "calm" ? "" : INK[pace]}>
      {pace === "calm" ? null : <span className="sr-only">{words.inbox.pace[pace]} </span>}
      {clock}
    </span>
  );
}

function useWait({ since, site }: WaitClockProps) {
  const { client } = useLive();
  const target = useTarget(site);
  useSecond();
  const now = client.now();
  const clock = (
    <time dateTime={since} title={words.inbox.waitTitle(fullTime(since), elapsed(new Date(0), new Date(target * 1000)))} className="tabular-nums">
      {elapsed(since, new Date(now))}
    </time>
  );
  return { pace: paceOf(since, now, target), clock };
}
