import { icons } from "@havana/ui";
import { describe, expect, it } from "vitest";

import { matching, type Command } from "../src/search/commands";

function command(label: string): Command {
  return { label, keys: null, icon: icons.queue, run: () => undefined };
}

const ALL = ["Take over", "Hand back to the assistant", "Inbox: With the assistant", "Settings: People"].map(command);

function found(text: string): string[] {
  return matching(ALL, text).map(({ label }) => label);
}

describe("what can be done", () => {
  it("is all of it while nothing is typed", () => {
    expect(found(" ")).toHaveLength(ALL.length);
  });

  it("is found by the beginnings of its words, in any order", () => {
    expect(found("assist")).toEqual(["Hand back to the assistant", "Inbox: With the assistant"]);
    expect(found("ass inb")).toEqual(["Inbox: With the assistant"]);
    expect(found("PEOPLE")).toEqual(["Settings: People"]);
  });

  it("stays away where something else is looked for", () => {
    expect(found("ake over")).toEqual([]);
    expect(found("take over my parcel")).toEqual([]);
  });

  it("leaves room for what was said", () => {
    expect(matching(Array.from({ length: 9 }, (_, i) => command(`Go ${String(i)}`)), "go")).toHaveLength(4);
  });
});
