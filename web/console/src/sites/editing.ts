import type { Settings, ToSave } from "./settings";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

export interface Span {
  from: string;
  until: string;
}

/** Settings that are a number; in the form they are as they were typed, some in a longer unit. */
export const UNITS = {
  wait_target_s: 60,
  remind_after_s: 60,
  agent_gone_after_s: 60,
  approval_s: 60,
  idle_close_after_s: 3600,
  answer_tokens: 1,
  answers_per_hour: 1,
  money_per_day: 1,
} as const;
export type NumberName = keyof typeof UNITS;
/** Those that are no limit when they are empty. */
const MAY_BE_EMPTY: readonly NumberName[] = ["answer_tokens", "money_per_day"];

/** Settings as they stand in the form; `version` is what was changed into this. */
export interface SiteFields extends Pick<ToSave, "tells_page" | "assign" | "answer_within_s"> {
  version: string;
  name: string;
  assistant: string;
  persona: string;
  greeting: string;
  /** One a line. */
  suggestions: string;
  call_url: string;
  timezone: string;
  hours: Readonly<Record<Day, readonly Span[]>>;
  numbers: Readonly<Record<NumberName, string>>;
  words: Readonly<Record<string, string>>;
}

export function fieldsOf(site: Settings): SiteFields {
  const { version, name, assistant, persona, greeting, timezone, words, tells_page, assign, answer_within_s } = site;
  const numbers = Object.fromEntries(Object.entries(UNITS).map(([field, unit]) => [field, shown(site[field as NumberName], unit)]));
  const of = (day: Day) => (site.hours[day] ?? []).map(spanOf);
  return {
    version, name, assistant, persona, greeting, timezone, words, tells_page, assign, answer_within_s,
    suggestions: site.suggestions.join("\n"),
    call_url: site.call_url ?? "",
    hours: { mon: of("mon"), tue: of("tue"), wed: of("wed"), thu: of("thu"), fri: of("fri"), sat: of("sat"), sun: of("sun") },
    numbers: numbers as SiteFields["numbers"],
  };
}

export function toSave(fields: SiteFields): ToSave {
  const { name, assistant, persona, greeting, timezone, call_url, words, version, tells_page, assign, answer_within_s } = fields;
  const numbers = Object.fromEntries(Object.entries(UNITS).map(([field, unit]) => [field, meant(fields, field as NumberName, unit)]));
  const hours = DAYS.map((day) => [day, fields.hours[day].map(written)] as const).filter(([, spans]) => spans.length > 0);
  return {
    name, assistant, persona, greeting, timezone, version, tells_page, assign, answer_within_s,
    suggestions: linesIn(fields.suggestions),
    call_url: call_url.trim() === "" ? null : call_url.trim(),
    hours: Object.fromEntries(hours),
    words: Object.fromEntries(Object.entries(words).filter(([, text]) => text.trim() !== "")),
    ...(numbers as Pick<ToSave, NumberName>),
  };
}

export function linesIn(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** With a span after the last one, of the length that days usually have. */
export function withSpan(spans: readonly Span[]): Span[] {
  if (spans.length === 0) return [{ from: "09:00", until: "17:00" }];
  const begins = Math.min(Number(spans.at(-1)?.until.slice(0, 2)) + 1, 23);
  return [...spans, { from: clock(begins), until: clock(Math.min(begins + 3, 24)) }];
}

/** A field of time knows no 24:00: a day that ends there ends at its 00:00. */
function spanOf(span: string): Span {
  const [from = "", until = ""] = span.split(/\s*[-\u2013]\s*/).map((time) => time.trim().padStart(5, "0"));
  return { from, until: until === "24:00" ? "00:00" : until };
}

function written({ from, until }: Span): string {
  return `${from}-${until === "00:00" ? "24:00" : until}`;
}

function clock(hour: number): string {
  return hour === 24 ? "00:00" : `${String(hour).padStart(2, "0")}:00`;
}

function shown(value: number | null, unit: number): string {
  // So many digits that no second is lost on the way back.
  const digits = 10 ** String(unit).length;
  return value === null ? "" : String(Math.round((value / unit) * digits) / digits);
}

function meant({ numbers }: SiteFields, field: NumberName, unit: number): number | null {
  const typed = numbers[field].trim();
  if (typed === "" && MAY_BE_EMPTY.includes(field)) return null;
  const read = Number(typed.replace(",", ".")) * unit;
  // What is no number, or beyond all bounds, is one that the server refuses with its field.
  const value = Number.isNaN(read) ? -1 : Math.min(Math.max(read, -1), 1e12);
  return field === "money_per_day" ? value : Math.round(value);
}
