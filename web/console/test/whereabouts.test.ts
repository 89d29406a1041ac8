import type { Context } from "@havana/protocol";
import { describe, expect, it } from "vitest";

import { localTime, presenceLine, siteName } from "../src/visitor/whereabouts";

const NOW = new Date("2026-03-10T12:00:00Z");

function seen(minutes: number): Context {
  const at = new Date(NOW.getTime() - minutes * 60_000).toISOString();
  return { page: null, referrer: "", language: "", zone: "", device: "", since: at, seen_at: at };
}

describe("whether the visitor is here", () => {
  it.each([
    [0.5, "Left just now"],
    [3, "Left 3 min ago"],
    [59.9, "Left 59 min ago"],
    [150, "Left 2 h ago"],
    [1500, "Last here yesterday"],
    [4 * 1440, "Last here Friday, March 6"],
  ])("is told %d minutes after they left", (minutes, line) => {
    expect(presenceLine(false, seen(minutes), NOW)).toBe(line);
  });

  it("is told while they are, and not where nobody knows", () => {
    expect(presenceLine(true, seen(90), NOW)).toBe("Here now");
    expect(presenceLine(true, null, NOW)).toBe("Here now");
    expect(presenceLine(false, null, NOW)).toBe("");
  });
});

describe("the time where the visitor is", () => {
  const apart = (zone: string) => localTime(zone, NOW)?.apart;
  const mine = -NOW.getTimezoneOffset() / 60;

  it("names the city", () => {
    expect(localTime("America/Argentina/Buenos_Aires", NOW)?.time).toMatch(/^9:00.* in Buenos Aires$|^09:00 in Buenos Aires$/);
    expect(localTime("UTC", NOW)?.time).toMatch(/^12:00/);
  });

  it("says how far that is from the reader's", () => {
    const say = (hours: number) =>
      hours === 0 ? "" : `${String(Math.abs(hours))} h ${hours > 0 ? "ahead of" : "behind"} you`;
    expect(apart("Asia/Kolkata")).toBe(say(5.5 - mine));
    expect(apart("America/New_York")).toBe(say(-4 - mine));
    expect(apart("UTC")).toBe(say(0 - mine));
  });

  it("is left out where the zone is not one", () => {
    expect(localTime("Nowhere/Town", NOW)).toBeNull();
  });
});

it("calls a website by what tells it from others", () => {
  expect(siteName("https://www.search.example/")).toBe("search.example");
  expect(siteName("http://shop.example:8080/a/b")).toBe("shop.example:8080/a/b");
});
