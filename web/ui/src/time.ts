import { words } from "./words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "14:02", in the reader's zone and habit. */
export function clockTime(at: string | Date): string {
  return format(at, { timeStyle: "short" });
}

/** "Tuesday, 3 March 2026, 14:02": all of it, for tooltips. */
export function fullTime(at: string | Date): string {
  return format(at, { dateStyle: "full", timeStyle: "short" });
}

/** The name of a day between messages: "Today", "Yesterday", "Tuesday, 3 March", with the year once it is another. */
export function dayName(at: string | Date, now: Date): string {
  const date = asDate(at);
  const age = daysBetween(date, now);
  if (age === 0) return words.today;
  if (age === 1) return words.yesterday;
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return format(date, { weekday: "long", day: "numeric", month: "long", year });
}

/** The time of a row in a list: "now", "4 min", "14:02" today, "Yesterday", "Tue" this week, "3 Mar", "3 Mar 2025". */
export function rowTime(at: string | Date, now: Date): string {
  const date = asDate(at);
  const ms = now.getTime() - date.getTime();
  const days = daysBetween(date, now);
  if (ms < MINUTE) return words.now;
  if (ms < HOUR) return `${String(Math.floor(ms / MINUTE))} min`;
  if (days === 0) return clockTime(date);
  if (days === 1) return words.yesterday;
  if (days < 7) return format(date, { weekday: "short" });
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return format(date, { day: "numeric", month: "short", year });
}

/** A clock that runs: "0:42", "12:05", "3:07:00"; from a day on "2 d". Never negative, whatever the clocks say. */
export function elapsed(since: string | Date, now: Date): string {
  const ms = Math.max(0, now.getTime() - asDate(since).getTime());
  if (ms >= DAY) return `${String(Math.floor(ms / DAY))} d`;
  const seconds = Math.floor(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${String(h)}:${two(m)}:${two(s)}` : `${String(m)}:${two(s)}`;
}

/** Whether two moments fall on the same day of the reader. */
export function sameDay(a: string | Date, b: string | Date): boolean {
  return daysBetween(asDate(a), asDate(b)) === 0;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formatters are slow to make and asked for on every row. */
function format(at: string | Date, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(readersEnglish(), options);
    formats.set(key, made);
  }
  return made.format(asDate(at));
}

/** The pages speak English; an English reader gets the habits of their own country, others the day before the month. */
function readersEnglish(): string {
  return navigator.language.startsWith("en") ? navigator.language : "en-GB";
}

function asDate(at: string | Date): Date {
  return at instanceof Date ? at : new Date(at);
}

function daysBetween(a: Date, b: Date): number {
  const midnight = (d: Date) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  return Math.round((midnight(b) - midnight(a)) / DAY);
}
