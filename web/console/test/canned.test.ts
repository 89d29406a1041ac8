import { describe, expect, it } from "vitest";

import type { CannedAnswer } from "../src/canned/canned";
import { fill, matching, slashAt } from "../src/canned/choosing";

function answer(name: string, text = ""): CannedAnswer {
  return { id: name, site: null, name, text, version: "v1", updated_at: "2026-01-01T12:00:00Z", by: null };
}

describe("a slash", () => {
  it("looks for a canned answer where a word begins", () => {
    expect(slashAt("/", 1)).toEqual({ start: 0, query: "" });
    expect(slashAt("Hello\n/ho and more", 9)).toEqual({ start: 6, query: "ho" });
    expect(slashAt("Hello /opening hours", 20)).toEqual({ start: 6, query: "opening hours" });
  });

  it("is a slash anywhere else", () => {
    for (const text of ["and/or", "http://", "/ ", "1/2", "/a/", "/hours\n", "nothing"]) expect(slashAt(text, text.length)).toBeNull();
    expect(slashAt("/hours", 0)).toBeNull();
  });
});

describe("canned answers", () => {
  const every = [answer("bye", "See you."), answer("Höurs", "From nine."), answer("our house", "By the lake."), answer("refund", "Within hours.")];
  const names = (query: string) => matching(every, query).map(({ name }) => name);

  it("are found by name and text, whatever the accents and capitals, names that begin so first", () => {
    expect(names("")).toEqual(["bye", "Höurs", "our house", "refund"]);
    expect(names("HO")).toEqual(["Höurs", "our house", "refund"]);
    expect(names("our")).toEqual(["our house", "Höurs", "refund"]);
    expect(names("hours within")).toEqual(["refund"]);
    expect(names("nothing like it")).toEqual([]);
  });

  it("have names put in", () => {
    expect(fill("Hello {visitor}, I am {agent} of {site}. {visitor}!", { visitor: "Rosa", agent: "Ana", site: "The $& School" })).toBe(
      "Hello Rosa, I am Ana of The $& School. Rosa!",
    );
  });

  it.each([
    ["Hello {visitor},\nhow are you?", "Hello,\nhow are you?"],
    ["Hola {visitor}!", "Hola!"],
    ["{visitor}, thank you for waiting.", "Thank you for waiting."],
    ["Bye.\n{visitor}: écrivez-nous.", "Bye.\nÉcrivez-nous."],
    ["Thank you, {visitor}.", "Thank you."],
    ["{visitor}", ""],
  ])("close up where a visitor has given no name: %s", (text, filled) => {
    expect(fill(text, { visitor: null, agent: "Ana", site: "School" })).toBe(filled);
  });
});
