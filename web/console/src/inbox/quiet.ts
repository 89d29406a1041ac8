import type { QuietHours } from "../profile/profile";

/** Whether it is the agent's quiet time at this moment (ms, epoch), on the clocks of their zone. */
export function isQuiet(quiet: QuietHours | null, now: number): boolean {
  if (quiet === null) return false;
  const time = timeIn(quiet.timezone, now);
  if (time === null) return false;
  const { from, until } = quiet;
  return from < until ? from <= time && time < until : time >= from || time < until;
}

/** `07:30`; null for a zone that this browser does not know: then it is better to ring than to miss somebody. */
function timeIn(timeZone: string, now: number): string | null {
  try {
    const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    return format.format(now);
  } catch {
    return null;
  }
}
