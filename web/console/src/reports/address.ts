/** What a report is of, as its address says it: days, and what it is narrowed to. */
export interface Wanted {
  range: "7" | "30" | "custom";
  /** Days as in 2026-11-28, both included. */
  from: string;
  to: string;
  /** A key. */
  site: string | null;
  /** An id. */
  agent: string | null;
}

/** Which conversations of it are listed. */
export interface Narrowed {
  figure: FigureName;
  reason: string | null;
  hour: number | null;
  assistant: boolean;
}

export const FIGURES = ["conversations", "solved", "left", "open", "person", "handovers", "claims", "words", "ratings", "unanswered"] as const;
export type FigureName = (typeof FIGURES)[number];

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the part of an address from "?" on asks for; the last seven days unless it says others. */
export function wantedOf(search: string, now: Date): Wanted {
  const params = new URLSearchParams(search);
  const [from, to] = [params.get("from") ?? "", params.get("to") ?? ""];
  const rest = { site: params.get("site"), agent: params.get("agent") };
  if (DAY.test(from) && DAY.test(to)) return { range: "custom", from, to, ...rest };
  const range = params.get("days") === "30" ? "30" : "7";
  return { range, from: dayOf(now, 1 - Number(range)), to: dayOf(now), ...rest };
}

export function narrowedOf(search: string): Narrowed {
  const params = new URLSearchParams(search);
  const hour = params.get("hour");
  return {
    figure: FIGURES.find((name) => name === params.get("figure")) ?? "conversations",
    reason: params.get("reason"),
    hour: hour !== null && /^\d{1,2}$/.test(hour) && Number(hour) < 24 ? Number(hour) : null,
    assistant: params.get("assistant") === "true",
  };
}

/** The same as an address, "" for what is shown without one; a list names its days, for the last seven are others tomorrow. */
export function searchOf(wanted: Wanted, narrowed?: Partial<Narrowed>): string {
  const params = new URLSearchParams();
  if (narrowed || wanted.range === "custom") {
    params.set("from", wanted.from);
    params.set("to", wanted.to);
  } else if (wanted.range === "30") params.set("days", "30");
  if (wanted.site !== null) params.set("site", wanted.site);
  if (wanted.agent !== null) params.set("agent", wanted.agent);
  for (const [name, value] of Object.entries(narrowed ?? {})) {
    if (value !== null && value !== false) params.set(name, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** The day of the reader's calendar, so many days later. */
export function dayOf(at: Date, later = 0): string {
  const day = new Date(at.getFullYear(), at.getMonth(), at.getDate() + later);
  return [String(day.getFullYear()).padStart(4, "0"), two(day.getMonth() + 1), two(day.getDate())].join("-");
}

/** A day of the calendar as a time that is on it wherever the reader is. */
export function noonOf(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date, 12);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
