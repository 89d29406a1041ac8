import { nice, ticks } from "d3-array";

import { dayOf, noonOf } from "./address";
import { reports as words } from "./words";

export interface Wait {
  count: number;
  median_s: number | null;
  p90_s: number | null;
}
export interface Score {
  count: number;
  mean: number | null;
}
export interface Figures {
  conversations: number;
  solved: number;
  left: number;
  open: number;
  person: number;
  handovers: number;
  claim: Wait;
  words: Wait;
  ratings: Score;
  unanswered: number;
}
export interface Day {
  day: string;
  conversations: number;
  solved: number;
  person: number;
}
/** Some days that stand together, the last of them included. */
export interface Days extends Day {
  last: string;
}

/** The part of what is over that the assistant has solved alone, 0 to 1; null if nothing is over. */
export function solvedShare({ conversations, solved, open }: Figures): number | null {
  const over = conversations - open;
  return over === 0 ? null : solved / over;
}

/** How much more or less it is in words; "" where there is nothing to compare with. */
export function change(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return "";
  const part = now / before - 1;
  if (Math.round(part * 100) === 0) return words.same;
  return part > 0 ? words.more(percent(part)) : words.less(percent(-part));
}

export function percent(part: number): string {
  return `${number(Math.round(part * 100))}\u00a0%`;
}

export function number(value: number): string {
  return value.toLocaleString("en-GB");
}

/** "42 s", "3 min 5 s", "25 min", "2 h 10 min", "3 d 4 h": a second unit where there are fewer than ten of the first. */
export function duration(seconds: number): string {
  const units: [number, string][] = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]];
  const first = Math.max(units.findIndex(([size]) => seconds >= size), 0);
  if (seconds < 1) return "0 s";
  const [[size, unit], second] = [units[first] ?? [1, "s"], units[first + 1]];
  const many = Math.floor(seconds / size);
  const whole = `${number(many)}\u00a0${unit}`;
  const rest = second && many < 10 ? Math.floor((seconds % size) / second[0]) : 0;
  return second && rest > 0 ? `${whole} ${String(rest)}\u00a0${second[1]}` : whole;
}

/** Where an axis from 0 has its marks, whole numbers, and where it ends; it has at least two, also where all is 0. */
export function axis(most: number): { marks: number[]; end: number } {
  const [, end] = nice(0, Math.max(most, 4), 4);
  return { marks: ticks(0, end, 4).filter(Number.isInteger), end };
}

const MOST_DAYS = 62;

/** Days, or weeks where there are too many to tell apart. */
export function inColumns(days: readonly Day[]): { weekly: boolean; columns: Days[] } {
  if (days.length <= MOST_DAYS) return { weekly: false, columns: days.map((day) => ({ ...day, last: day.day })) };
  const columns: Days[] = [];
  days.forEach((day, place) => {
    const week = columns.at(-1);
    if (!week || place % 7 === 0) {
      columns.push({ ...day, last: day.day });
      return;
    }
    week.last = day.day;
    week.conversations += day.conversations;
    week.solved += day.solved;
    week.person += day.person;
  });
  return { weekly: true, columns };
}

/** Every how many columns have a label, so that so many fit. */
export function labelStep(columns: number, labels: number): number {
  return Math.max(1, Math.ceil(columns / labels));
}

export type Cell = string | number | null;

/** A table as a file that spreadsheets read. What would begin a formula there is marked as text. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell) => {
    if (typeof value === "number") return String(value);
    const text = /^[=+\-@\t\r]/.test(value ?? "") ? `'${value ?? ""}` : (value ?? "");
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const IN_WEEK = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });
const LONG = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric" });
const SPAN = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** "28 Nov" */
export function shortDay(day: string): string {
  return SHORT.format(noonOf(day));
}

/** "16–22 Nov 2026", or one day. */
export function days(from: string, to: string): string {
  return SPAN.formatRange(noonOf(from), noonOf(to));
}

/** "Sat, 28 Nov", for a table of days. */
export function dayInWeek(day: string): string {
  return IN_WEEK.format(noonOf(day));
}

/** "Sat, 28 Nov 2026" */
export function longDay(day: string): string {
  return LONG.format(noonOf(day));
}

/** "9:00" */
export function hourName(hour: number | string): string {
  return `${String(hour)}:00`;
}

/** Whether the days go on. */
export function includesToday(to: string, now: Date): boolean {
  return to >= dayOf(now);
}
