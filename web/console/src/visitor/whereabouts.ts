import type { Context } from "@havana/protocol";
import { dayName, rowTime } from "@havana/ui";

import { about } from "./words";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Whether the visitor has a page open, in words; empty where nobody knows. */
export function presenceLine(here: boolean, context: Context | null, now: Date): string {
  if (here) return about.here;
  if (!context) return "";
  const ago = now.getTime() - Date.parse(context.seen_at);
  if (ago < MINUTE) return about.leftNow;
  if (ago < 60 * MINUTE) return about.left(rowTime(context.seen_at, now));
  if (ago < DAY) return about.left(`${String(Math.floor(ago / (60 * MINUTE)))} h`);
  const day = dayName(context.seen_at, now);
  return about.leftOn(day.startsWith("Y") ? day.toLowerCase() : day);
}

/** Of the website that led here, what tells it from others. */
export function siteName(address: string): string {
  return address.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");
}

/** "14:02 in Berlin", and how far that is from the reader's own clock; null where this browser does not know the zone. */
export function localTime(zone: string, now: Date): { time: string; apart: string } | null {
  const theirs = offset(now, zone);
  const time = theirs === null ? null : clock(now, zone);
  if (theirs === null || time === null) return null;
  const city = zone.split("/").at(-1)?.replaceAll("_", " ") ?? "";
  return { time: city && city !== "UTC" ? about.in(time, city) : time, apart: apart(theirs + now.getTimezoneOffset()) };
}

function apart(minutes: number): string {
  if (minutes === 0) return "";
  const hours = String(Math.round(Math.abs(minutes) / 6) / 10);
  return minutes > 0 ? about.ahead(hours) : about.behind(hours);
}

/** Minutes east of Greenwich. */
function offset(at: Date, timeZone: string): number | null {
  try {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }).formatToParts(at);
    const said = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign = "+", hours = "0", minutes = "0"] = /([+-])(\d\d):(\d\d)/.exec(said) ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  } catch {
    return null;
  }
}

function clock(at: Date, timeZone: string): string | null {
  const locale = navigator.language.startsWith("en") ? navigator.language : "en-GB";
  return new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone }).format(at);
}
