import { describe, expect, it } from "vitest";

import { sentence } from "../src/settings/changesWords";
import { RestRefused } from "../src/shell/rest";
import { keyOf } from "../src/sites/AddSite";
import { differences } from "../src/sites/differences";
import { fieldsOf, toSave, withSpan } from "../src/sites/editing";
import { problemsOf } from "../src/sites/problems";
import type { Settings, ToSave } from "../src/sites/settings";

const SAVED: ToSave = {
  version: "v1",
  name: "The Shop",
  assistant: "Assistant",
  persona: "You are warm.",
  greeting: "Hello",
  suggestions: ["Where is it?", "Is it open?"],
  call_url: null,
  timezone: "Europe/Berlin",
  hours: { mon: ["09:00-12:30", "13:30-24:00"], fri: ["09:00-12:00"] },
  tells_page: true,
  assign: "least_busy",
  answer_within_s: 180,
  wait_target_s: 100,
  remind_after_s: 7,
  agent_gone_after_s: 120,
  idle_close_after_s: 86_399,
  approval_s: 600,
  answer_tokens: null,
  answers_per_hour: 60,
  money_per_day: 2.5,
  words: { joined: "Here is {agent}." },
};
const SITE: Settings = { ...SAVED, key: "shop", own_words: {}, tools: [], updated_at: "2026-03-10T12:00:00Z", by: null };

describe("the settings of a website", () => {
  it("come out of the form as they went in", () => {
    expect(toSave(fieldsOf(SITE))).toEqual(SAVED);
  });

  it("are without what is empty", () => {
    const fields = { ...fieldsOf(SITE), call_url: " ", suggestions: "\n Is it open? \n", words: { joined: " " } };

    expect(toSave(fields)).toEqual({ ...SAVED, suggestions: ["Is it open?"], words: {} });
  });

  it("of a number that is none are sent as one that is refused, not as no limit", () => {
    const { numbers, ...fields } = fieldsOf(SITE);

    expect(toSave({ ...fields, numbers: { ...numbers, answers_per_hour: "", approval_s: "ten", remind_after_s: "1e300", money_per_day: "", answer_tokens: "" } })).toMatchObject({
      answers_per_hour: 0,
      approval_s: -1,
      remind_after_s: 1e12,
      money_per_day: null,
      answer_tokens: null,
    });
  });

  it("are compared with somebody else's, in whatever order they are stored", () => {
    const theirs = { ...SAVED, version: "v2", greeting: "Good day", hours: { fri: ["09:00-12:00"], mon: ["09:00-12:30", "13:30-24:00"] } };

    expect(differences(SAVED, theirs)).toEqual([["Greeting", "Good day"]]);
  });
});

describe("hours of a day", () => {
  it("begin as days do, and go on an hour after the last", () => {
    expect(withSpan([])).toEqual([{ from: "09:00", until: "17:00" }]);
    expect(withSpan([{ from: "09:00", until: "12:30" }]).at(-1)).toEqual({ from: "13:00", until: "16:00" });
  });
});

it("a key is made of the name, as far as there are letters for it", () => {
  expect(["The Shop!", "Café Ünal", "店"].map(keyOf)).toEqual(["the-shop", "cafe-u-nal", ""]);
});

it("what is wrong stands beside its field as a sentence", () => {
  const refused = new RestRefused(400, "bad_request", "", null, [{ field: "name", message: "must not be empty" }]);

  expect(problemsOf(refused)).toEqual({ name: "Must not be empty." });
  expect(problemsOf(null)).toEqual({});
});

it("the list of changes names the settings", () => {
  expect(sentence("site_saved", { site: "The Shop", fields: ["greeting", "hours", "of_a_newer_release"] })).toBe(
    "changed the greeting, the opening hours, and of a newer release on the website \u2068The Shop\u2069",
  );
});
