import type { Item } from "@havana/protocol";
import { describe, expect, it } from "vitest";

import { parseRoute, pathOf } from "../src/shell/route";
import type { Colleague } from "../src/shell/team";
import { lastSaid, loads, without } from "../src/wall/wall";
import { assistant, noted, agent, place, said, state, summary, system, visitor } from "./made";

function answer(id: string, text: string, outcome: "complete" | null = "complete"): Item {
  return { ...place(id, assistant, 3), kind: "answer", answer: id, event: id, text, outcome, sources: [], redacted: false };
}

function colleague(id: string, on_duty = true): Colleague {
  return { id, name: id.toUpperCase(), role: "agent", on_duty, here: true, away: !on_duty };
}

describe("the last words of a conversation", () => {
  it("are those of visitor, assistant and team, the latest at the end", () => {
    const items = [said("a", visitor, 1), said("b", system, 2), answer("c", "Yes"), noted("d", agent, 4), said("e", agent, 5)];

    expect(lastSaid(items, 3).map(({ id, who }) => [id, who])).toEqual([["c", "assistant"], ["d", "note"], ["e", "agent"]]);
  });

  it("have an answer from the moment it is begun, and none that came to nothing", () => {
    expect(lastSaid([answer("c", "", null)], 3).map(({ writing }) => writing)).toEqual([true]);
    expect(lastSaid([answer("c", "")], 3)).toEqual([]);
  });

  it("have nothing that was removed", () => {
    const removed: Item = { ...place("a", visitor, 1), kind: "message", text: "", event: "a", offers: [], status: "sent", key: null, error: null, redacted: true };

    expect(lastSaid([removed], 3)).toEqual([]);
  });
});

describe("who is on duty with how much", () => {
  it("tells the busiest first, and nobody who is away", () => {
    const held = ["x", "y"].map((id) => summary(id, "human", { state: state("human", { id: "ben", name: "Ben" }) }));

    expect(loads([colleague("ana"), colleague("ben"), colleague("cleo", false)], held)).toEqual([
      { id: "ben", name: "BEN", count: 2 },
      { id: "ana", name: "ANA", count: 0 },
    ]);
  });
});

describe("a column", () => {
  it("leaves to those who wait what stands among them", () => {
    const list = { status: "ready" as const, conversations: [summary("a"), summary("b")], more: false };
    const waiting = { ...list, conversations: [summary("b", "ai", { approval_until: "2026-03-10T12:05:00Z" })] };

    expect(without(list, waiting).conversations.map(({ conversation }) => conversation)).toEqual(["a"]);
  });

  it("stays the same list while nothing is left out, so that nothing is drawn again", () => {
    const list = { status: "ready" as const, conversations: [summary("a")], more: false };

    expect(without(list, { ...list, conversations: [] })).toBe(list);
  });
});

describe("the wall", () => {
  it("has an address of its own", () => {
    expect(parseRoute(pathOf({ page: "wall" }))).toEqual({ page: "wall" });
  });
});
