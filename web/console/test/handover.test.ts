import type { Event, Fact, Item } from "@havana/protocol";
import { describe, expect, it } from "vitest";

import { briefsOf, withHandovers } from "../src/thread/handover";
import { languageName, lastHandover, needsNote } from "../src/thread/lines";
import { agent, assistant, log, place, said, system, visitor } from "./made";

const SUMMARISED: Fact = {
  kind: "summarised",
  handover: 2,
  who: "Curious Heron",
  wants: "A refund",
  tried: "",
  open: "The refund",
  mood: "annoyed",
  language: "es",
  by: "model",
};
const EVENTS = log(
  [visitor, { kind: "message_posted", text: "Refund" }],
  [assistant, { kind: "human_requested", by: "assistant" }],
  [assistant, { kind: "handover_noted", reason: "asked", summary: "Asked for a refund." }],
  [visitor, { kind: "message_posted", text: "Hello" }],
  [system, SUMMARISED],
);
const CHANGE = { ...place("e2", assistant, 1), kind: "change", change: EVENTS[1] } as Item;
const NOTE = { ...place("e3", assistant, 2), kind: "handover", reason: "asked", summary: "Asked for a refund.", redacted: false } as Item;
const LATER = said("later", visitor, 3);

/** `place` numbers from the minute; the change stands where its event does. */
const change = { ...CHANGE, seq: 2 };

describe("a hand-over", () => {
  it("is one card where it happened, though its summary came after other words", () => {
    const shown = withHandovers([change, NOTE, LATER], EVENTS);

    expect(shown.map(({ id }) => id)).toEqual(["e2", "e3", "later"]);
    expect(shown[1]).toMatchObject({ kind: "handover", reason: "asked", brief: { wants: "A refund" } });
  });

  it("has a card of its summary alone where the log has no reason", () => {
    const shown = withHandovers([change, LATER], EVENTS);

    expect(shown.map(({ id }) => id)).toEqual(["e2", "e5", "later"]);
    expect(shown[1]).toMatchObject({ kind: "handover", reason: null, brief: { wants: "A refund" } });
  });

  it("has its note before its summary is there", () => {
    expect(withHandovers([change, NOTE], EVENTS.slice(0, 4))[1]).toMatchObject({ summary: "Asked for a refund.", brief: null });
  });

  it("is not told twice, unless the note says what is out of order", () => {
    const [brief] = briefsOf(EVENTS);

    expect(needsNote("asked", brief ?? null)).toBe(false);
    expect(needsNote("asked", null)).toBe(true);
    expect(needsNote("model_failure", brief ?? null)).toBe(true);
    expect(lastHandover(EVENTS)?.summary).toBe("");
    expect(lastHandover(EVENTS.slice(0, 4))?.summary).toBe("Asked for a refund.");
  });

  it("has no summary any more once anything before it was removed", () => {
    const removed: Event[] = [...EVENTS, ...log([agent, { kind: "redacted", event: "e1" }]).map((event) => ({ ...event, seq: 6 }))];

    expect(briefsOf(removed)).toMatchObject([{ redacted: true }]);
    expect(briefsOf(EVENTS)).toMatchObject([{ redacted: false }]);
  });
});

describe("a language", () => {
  it("is called by its name", () => {
    expect([languageName("es"), languageName("pt-BR"), languageName("")]).toEqual(["Spanish", "Brazilian Portuguese", ""]);
  });

  it("has none where the tag is none", () => {
    expect(languageName("<b>")).toBe("");
  });
});
