import type { Detail, Item } from "@havana/protocol";
import { describe, expect, it } from "vitest";

import { Outdated } from "../src/shell/versions";
import { explain, isTaken, ownDetails } from "../src/visitor/details";
import { calling, givenName } from "../src/visitor/name";
import { callsOf } from "../src/visitor/visitor";
import { agent, log, place, said, visitor } from "./made";

function detail(field: string, value: string): Detail {
  return { field, value, version: "v1", updated_at: "2026-03-10T12:00:00Z", by: "Ana" };
}

const KNOWN = { details: [detail("name", "Ada"), detail("Plan", "Team"), detail("notes", "Nice")] };

describe("what the team wrote down", () => {
  it("is a name, and what is its own", () => {
    expect(givenName(KNOWN)).toBe("Ada");
    expect(givenName(null)).toBe("");
    expect(ownDetails(KNOWN).map(({ field }) => field)).toEqual(["Plan"]);
  });

  it.each([
    ["plan ", true],
    ["E-Mail", true],
    ["Name", true],
    ["Customer number", false],
  ])("has %j once", (field, taken) => {
    expect(isTaken(field, KNOWN)).toBe(taken);
  });

  it("says who came first, and what it says now", () => {
    expect(explain(new Outdated(detail("name", "Grace")))).toBe("Ana changed this meanwhile to “Grace”.");
    expect(explain(new Outdated(null))).toBe("Somebody has taken this away meanwhile.");
    expect(explain(new Error())).toBe("This could not be saved. Try again.");
  });
});

const [ASKED] = log([visitor, { kind: "human_requested", by: "visitor" }]);
const CHANGE = { ...place("e1", visitor, 3), kind: "change", change: ASKED } as Item;

it("tells the latest calls that somebody asked for or offered", () => {
  const call = { kind: "call_offered", url: "https://calendar.example/" } as const;
  const events = log([visitor, call], [visitor, { kind: "message_posted", text: "Hm" }], [agent, call], [agent, call], [agent, call]);

  expect(callsOf(events).map(({ id }) => id)).toEqual(["e5", "e4", "e3"]);
});

describe("a visitor with a name of the team's", () => {
  const items = [said("m1", visitor, 1), said("m2", agent, 2), CHANGE];

  it("is called by it in what they say and do, and nobody else is", () => {
    const called = calling(items, "Ada");

    expect(called.map(({ author }) => author.name)).toEqual(["Ada", "Ana", "Ada"]);
    expect(called[2]).toMatchObject({ change: { kind: "human_requested", author: { name: "Ada" } } });
    expect(called[1]).toBe(items[1]);
  });

  it("costs nothing where they have none", () => {
    expect(calling(items, visitor.name)).toBe(items);
  });
});
