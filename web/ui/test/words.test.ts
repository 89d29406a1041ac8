import { describe, expect, it } from "vitest";

import { initials } from "../src/initials";
import { linkify } from "../src/links";
import { preview } from "../src/preview";
import { dayName, elapsed, rowTime } from "../src/time";

const now = new Date(2026, 2, 10, 15, 0, 0);
const before = (ms: number) => new Date(now.getTime() - ms);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("initials", () => {
  it.each([
    ["Ana", "A"],
    ["Ana María López", "AL"],
    ["ana.lopez", "AL"],
    ["أحمد علي", "أع"],
    ["🌴", ""],
    ["", ""],
  ])("of %j are %j", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});

describe("times", () => {
  it("of a row grow coarser with age", () => {
    expect(rowTime(before(20 * SECOND), now)).toBe("now");
    expect(rowTime(before(4 * MINUTE), now)).toBe("4 min");
    expect(rowTime(before(2 * HOUR), now)).toMatch(/^(13:00|1:00\sPM)$/);
    expect(rowTime(before(DAY), now)).toBe("Yesterday");
    expect(rowTime(before(3 * DAY), now)).toBe("Sat");
    expect(rowTime(before(400 * DAY), now)).toMatch(/2025/);
  });

  it("of a wait run, and never below nothing", () => {
    expect(elapsed(before(42 * SECOND), now)).toBe("0:42");
    expect(elapsed(before(12 * MINUTE + 5 * SECOND), now)).toBe("12:05");
    expect(elapsed(before(3 * HOUR + 7 * MINUTE), now)).toBe("3:07:00");
    expect(elapsed(before(50 * HOUR), now)).toBe("2 d");
    expect(elapsed(before(-5 * SECOND), now)).toBe("0:00");
  });

  it("name the day as people do", () => {
    expect(dayName(before(HOUR), now)).toBe("Today");
    expect(dayName(before(16 * HOUR), now)).toBe("Yesterday");
    expect(dayName(before(7 * DAY), now)).toMatch(/Tuesday/);
  });
});

describe("a preview", () => {
  it.each([
    ["You can press *Talk to a person*, and", "You can press Talk to a person, and"],
    ["Five programs [1]: - **Welding**: 9 mon", "Five programs: Welding: 9 mon"],
    ["## Fees for `HT-2026`", "Fees for HT-2026"],
    ["You can press *Tal", "You can press Tal"],
    ["3 * 4 = 12 - or 2_000 [sic]", "3 * 4 = 12 - or 2_000 [sic]"],
  ])("of %j is %j", (text, shown) => {
    expect(preview(text)).toBe(shown);
  });
});

describe("linkify", () => {
  it("cuts without losing a character", () => {
    const words = "a https://example.org/x?y=1, b (http://example.com) c";
    const pieces = linkify(words);

    expect(pieces.map((piece) => piece.text).join("")).toBe(words);
    expect(pieces.flatMap((piece) => ("href" in piece ? [piece.text] : []))).toEqual([
      "https://example.org/x?y=1",
      "http://example.com",
    ]);
  });
});
