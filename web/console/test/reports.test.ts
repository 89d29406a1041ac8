import { describe, expect, it } from "vitest";

import { dayOf, narrowedOf, noonOf, searchOf, wantedOf } from "../src/reports/address";
import { axis, change, csv, duration, inColumns, includesToday, labelStep, solvedShare, type Day, type Figures } from "../src/reports/figures";
import { parseRoute, pathOf } from "../src/shell/route";

const NOW = new Date(2026, 2, 1, 9);
const figures = (counts: Partial<Figures>): Figures => ({
  conversations: 0,
  solved: 0,
  left: 0,
  open: 0,
  person: 0,
  handovers: 0,
  claim: { count: 0, median_s: null, p90_s: null },
  words: { count: 0, median_s: null, p90_s: null },
  ratings: { count: 0, mean: null },
  unanswered: 0,
  ...counts,
});

describe("the address of a report", () => {
  it("is that of the last seven days unless it says others", () => {
    expect(wantedOf("", NOW)).toEqual({ range: "7", from: "2026-02-23", to: "2026-03-01", site: null, agent: null });
    expect(wantedOf("?days=30&site=shop", NOW)).toMatchObject({ range: "30", from: "2026-01-31", to: "2026-03-01", site: "shop" });
    expect(wantedOf("?from=2026-01-01&to=x", NOW)).toMatchObject({ range: "7" });
  });

  it.each(["", "?days=30", "?from=2026-01-01&to=2026-01-31&site=shop&agent=a1"])("leads back to itself: %s", (search) => {
    expect(searchOf(wantedOf(search, NOW))).toBe(search);
  });

  it("names the days of a list, which must be the same tomorrow", () => {
    const search = searchOf(wantedOf("?days=30&site=shop", NOW), { figure: "handovers", reason: "asked" });

    expect(search).toBe("?from=2026-01-31&to=2026-03-01&site=shop&figure=handovers&reason=asked");
    expect(narrowedOf(search)).toEqual({ figure: "handovers", reason: "asked", hour: null, assistant: false });
    expect(searchOf(wantedOf("", NOW), { figure: "ratings", assistant: true, hour: 0 })).toContain("figure=ratings&assistant=true&hour=0");
  });

  it("that makes no sense is that of all conversations", () => {
    expect(narrowedOf("?figure=love&hour=24")).toEqual({ figure: "conversations", reason: null, hour: null, assistant: false });
    expect(narrowedOf("?hour=23&assistant=true")).toMatchObject({ hour: 23, assistant: true });
  });

  it("is one of the console's", () => {
    for (const part of [null, "conversations"]) {
      const route = { page: "reports", part } as const;
      expect(parseRoute(pathOf(route))).toEqual(route);
    }
  });

  it("has days of the reader's calendar, over the ends of months", () => {
    expect(dayOf(NOW, -1)).toBe("2026-02-28");
    expect(dayOf(noonOf("2026-02-28"), 1)).toBe("2026-03-01");
    expect([includesToday("2026-03-01", NOW), includesToday("2026-02-28", NOW)]).toEqual([true, false]);
  });
});

describe("figures", () => {
  it("tell which part of what is over the assistant has solved", () => {
    expect(solvedShare(figures({ conversations: 10, open: 2, solved: 6 }))).toBe(0.75);
    expect(solvedShare(figures({ conversations: 2, open: 2 }))).toBeNull();
  });

  it("are compared in words, where there is something to compare with", () => {
    expect([change(112, 100), change(88, 100), change(100, 100), change(5, 0), change(null, 3)]).toEqual(["12\u00a0% more", "12\u00a0% less", "as many", "", ""]);
  });

  it("tell times in the units that people say", () => {
    const told = [0, 42, 60, 185, 1500, 7800, 36_000, 273_600].map((seconds) => duration(seconds).replaceAll("\u00a0", " "));

    expect(told).toEqual(["0 s", "42 s", "1 min", "3 min 5 s", "25 min", "2 h 10 min", "10 h", "3 d 4 h"]);
  });
});

describe("the pictures", () => {
  it("have an axis of whole numbers from 0 to above the highest", () => {
    expect(axis(0)).toEqual({ marks: [0, 1, 2, 3, 4], end: 4 });
    expect(axis(93)).toEqual({ marks: [0, 20, 40, 60, 80, 100], end: 100 });
    expect(axis(5)).toEqual({ marks: [0, 1, 2, 3, 4, 5], end: 5 });
  });

  it("show weeks where there are too many days to tell apart", () => {
    const days = (many: number): Day[] =>
      Array.from({ length: many }, (_, place) => ({ day: dayOf(new Date(2026, 0, 1 + place)), conversations: 2, solved: 1, person: 1 }));

    expect(inColumns(days(62))).toMatchObject({ weekly: false, columns: { length: 62 } });
    const { weekly, columns } = inColumns(days(64));
    expect([weekly, columns.length]).toEqual([true, 10]);
    expect(columns[0]).toEqual({ day: "2026-01-01", last: "2026-01-07", conversations: 14, solved: 7, person: 7 });
    expect(columns[9]).toEqual({ day: "2026-03-05", last: "2026-03-05", conversations: 2, solved: 1, person: 1 });
  });

  it("label as many columns as there is room for", () => {
    expect([labelStep(7, 8), labelStep(24, 8), labelStep(30, 8)]).toEqual([1, 3, 4]);
  });
});

describe("the file of a table", () => {
  it("is read by spreadsheets, and begins no formula there", () => {
    expect(csv([["Agent", "Median"], ['Ana "A", B', 12.5], ["=1+1", null], ["two\nlines", -3]])).toBe(
      'Agent,Median\r\n"Ana ""A"", B",12.5\r\n\'=1+1,\r\n"two\nlines",-3\r\n',
    );
  });
});
