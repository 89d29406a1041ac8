import type { ChangeEvent } from "@havana/protocol";
import { describe, expect, it } from "vitest";

import { holderLine, mayRoute } from "../src/thread/actions";
import { withHandovers } from "../src/thread/handover";
import { changeLine, factLine } from "../src/thread/lines";
import { routedItemsOf } from "../src/thread/routed";
import { rowsOf } from "../src/thread/rows";
import { withPlaced } from "../src/thread/toolCalls";
import { admin, agent, ana, log, said, state, system, visitor } from "./made";

describe("a conversation that is directed to a team", () => {
  const events = log(
    [visitor, { kind: "message_posted", text: "Hello" }],
    [agent, { kind: "routed", team: { id: "t1", name: "Sales" } }],
    [agent, { kind: "routed", team: null }],
  );

  it("has a thin line for it, in its place", () => {
    const items = [said("a", visitor, 1), said("b", visitor, 4)];
    const rows = rowsOf(withHandovers(withPlaced(items, routedItemsOf(events)), events));

    expect(rows.map((row) => (row.kind === "fact" && row.item.kind === "routed" ? factLine(row.item) : row.kind))).toEqual([
      "day",
      "group",
      "Ana directed this to Sales",
      "Ana directed this to everybody",
      "group",
    ]);
  });

  it("says for whom it waits", () => {
    expect(holderLine(state("pending"), ana, "Sales")).toBe("Waiting for Sales");
    expect(holderLine(state("pending"), ana)).toBe("Waiting for a person");
  });

  it("is so by anybody while it waits, and by the holder or an admin while it is held", () => {
    expect(mayRoute(state("pending"), ana)).toBe(true);
    expect(mayRoute(state("ai"), ana)).toBe(false);
    expect(mayRoute(state("human", { id: "ben", name: "Ben" }), ana)).toBe(false);
    expect(mayRoute(state("human", { id: "ben", name: "Ben" }), admin)).toBe(true);
  });
});

describe("a conversation that is given to somebody by itself", () => {
  const ben = { id: "ben", name: "Ben" };

  it("says to whom and why, and that nobody answered in time", () => {
    const [claimed, other, returned] = log(
      [system, { kind: "claimed", agent: ben, assigned: { how: "least_busy", within_s: 180, team: null } }],
      [system, { kind: "claimed", agent: ben, assigned: { how: "round_robin", within_s: 180, team: null } }],
      [system, { kind: "returned_to_queue", reason: "not_answered" }],
    );

    expect([claimed, other, returned].map((event) => changeLine(event as ChangeEvent))).toEqual([
      "Assigned to Ben: least busy",
      "Assigned to Ben: next in turn",
      "Returned to the queue: not answered in time",
    ]);
  });
});
