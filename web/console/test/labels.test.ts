import { describe, expect, it } from "vitest";

import { choicesFor, labelsIn } from "../src/labels/labels";
import { agent, log, visitor } from "./made";

describe("labels", () => {
  it("are those that were set last, or unknown as far as the log is loaded", () => {
    const events = log(
      [agent, { kind: "labelled", labels: ["refund"] }],
      [agent, { kind: "labelled", labels: [] }],
      [visitor, { kind: "message_posted", text: "Hello", offers: [] }],
    );

    expect(labelsIn(events)).toEqual([]);
    expect(labelsIn(events.slice(0, 1))).toEqual(["refund"]);
    expect(labelsIn(events.slice(2))).toBeNull();
  });

  it("that are in use are found by a part, those that it has left out", () => {
    expect(choicesFor("", ["refund", "Late order", "urgent"], ["Urgent"])).toEqual([
      { label: "refund", isNew: false },
      { label: "Late order", isNew: false },
    ]);
    expect(choicesFor(" ORDER", ["refund", "Late order"], [])).toEqual([
      { label: "Late order", isNew: false },
      { label: "ORDER", isNew: true },
    ]);
  });

  it("are made new only where nobody has them, whatever the capitals", () => {
    expect(choicesFor("REFUND", ["refund"], [])).toEqual([{ label: "refund", isNew: false }]);
    expect(choicesFor("urgent", [], ["Urgent"])).toEqual([]);
    expect(choicesFor("two\n words ", [], [])).toEqual([{ label: "two words", isNew: true }]);
  });
});
