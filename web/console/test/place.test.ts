import type { Item } from "@havana/protocol";
import { describe, expect, it } from "vitest";

import { itemAt } from "../src/thread/usePlace";
import { assistant, log, noted, place, said, visitor } from "./made";

describe("a place in the log", () => {
  const events = log(
    [visitor, { kind: "message_posted", text: "Hello", offers: [] }],
    [assistant, { kind: "answer_started", answer: "a" }],
    [assistant, { kind: "note_posted", text: "A note" }],
    [assistant, { kind: "answer_finished", answer: "a", outcome: "complete", text: "Hello", sources: [] }],
    [visitor, { kind: "labelled", labels: ["late"] }],
  );
  const answered: Item = {
    ...place("a", assistant, 2),
    kind: "answer",
    answer: "a",
    event: "e4",
    text: "Hello",
    outcome: "complete",
    sources: [],
    redacted: false,
  };
  const items = [said("m", visitor, 1), answered, noted("n", assistant, 3)];

  it("is what stands there", () => {
    expect(itemAt(items, events, 1)).toBe("m");
    expect(itemAt(items, events, 3)).toBe("n");
  });

  it("is an answer where it ends, too", () => {
    expect(itemAt(items, events, 4)).toBe("a");
  });

  it("is what stands before, where nothing is shown", () => {
    expect(itemAt(items, events, 5)).toBe("n");
    expect(itemAt(items, events, 99)).toBe("n");
    expect(itemAt([], events, 1)).toBeNull();
  });
});
