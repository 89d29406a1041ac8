import { describe, expect, it } from "vitest";

import { look, nextLook, REPEAT_MS, silent } from "../src/inbox/alarm";
import { inHeldOrder } from "../src/inbox/order";
import { effective, EVERYTHING, filterOf, MY_TEAMS, VIEWS } from "../src/inbox/views";
import { neighbour, paceOf, waitingSince } from "../src/inbox/waiting";
import { summary } from "./made";

describe("the alarm", () => {
  it("is silent while nobody waits", () => {
    expect(look(silent, [], 0, false)).toEqual({ alarm: silent, ring: false });
    expect(nextLook(silent, 0)).toBeNull();
  });

  it("rings at once for whoever joins the queue, also beside others", () => {
    const first = look(silent, ["a"], 1_000, false);
    const second = look(first.alarm, ["a", "b"], 3_000, false);

    expect([first.ring, second.ring]).toEqual([true, true]);
  });

  it("stays silent between repeats, and rings again every twenty seconds", () => {
    const { alarm } = look(silent, ["a"], 0, false);

    expect(look(alarm, ["a"], REPEAT_MS - 1, false).ring).toBe(false);
    expect(look(alarm, ["a"], REPEAT_MS, false).ring).toBe(true);
    expect(nextLook(alarm, 5_000)).toBe(REPEAT_MS - 5_000);
  });

  it("does not ring when one of several is claimed", () => {
    const { alarm } = look(silent, ["a", "b"], 0, false);

    expect(look(alarm, ["b"], 1_000, false).ring).toBe(false);
  });

  it("rings for somebody who comes back after a claim", () => {
    const rang = look(silent, ["a"], 0, false);
    const claimed = look(rang.alarm, [], 1_000, false);

    expect(claimed.alarm).toEqual(silent);
    expect(look(claimed.alarm, ["a"], 2_000, false).ring).toBe(true);
  });

  it("muted keeps its rhythm without a sound", () => {
    const muted = look(silent, ["a"], 0, true);

    expect(muted.ring).toBe(false);
    expect(look(muted.alarm, ["a"], 1_000, false).ring).toBe(false);
    expect(look(muted.alarm, ["a"], REPEAT_MS, false).ring).toBe(true);
  });
});

describe("a wait", () => {
  const since = "2026-03-10T12:00:00Z";
  const after = (seconds: number) => paceOf(since, Date.parse(since) + seconds * 1000, 120);

  it("is calm for half of the target, due until it is over", () => {
    expect([0, 59, 60, 119, 120, 86_400].map(after)).toEqual(["calm", "calm", "due", "due", "over", "over"]);
  });

  it("is calm where the page's clock is behind", () => {
    expect(after(-5)).toBe("calm");
  });
});

describe("the list", () => {
  const conversations = [summary("a", "pending"), summary("b"), summary("c", "human")];

  it("knows since when somebody waits, as well as it can", () => {
    expect(waitingSince(summary("a", "pending", { waiting_since: "2026-03-10T11:00:00Z" }))).toBe("2026-03-10T11:00:00Z");
    expect(waitingSince(summary("a", "pending"))).toBe("2026-03-10T12:00:00Z");
  });

  it("keeps its order while it is held: news last, and whoever is gone leaves no gap", () => {
    expect(inHeldOrder([summary("d"), ...conversations], ["c", "gone", "b"]).map((row) => row.conversation)).toEqual(["c", "b", "d", "a"]);
  });

  it("is walked through row by row, and the ends hold", () => {
    expect(neighbour(conversations, "a", 1)).toBe("b");
    expect(neighbour(conversations, "b", -1)).toBe("a");
    expect(neighbour(conversations, "c", 1)).toBe("c");
    expect(neighbour(conversations, null, 1)).toBe("a");
    expect(neighbour(conversations, "gone", -1)).toBe("a");
    expect(neighbour([], null, 1)).toBeNull();
  });
});

describe("the views", () => {
  it("ask the server for what they show", () => {
    expect(VIEWS.map((view) => filterOf(view, EVERYTHING, "ana"))).toEqual([
      { control: ["ai", "pending", "human"] },
      { waiting: true },
      { agent: "ana" },
      { control: ["ai"] },
      { control: ["closed"] },
    ]);
  });

  it("are narrowed by site and label, and by who is in charge where that is open", () => {
    const narrowed = { site: "s1", label: "billing", agent: "ben", team: null };

    expect(filterOf("open", narrowed, "ana")).toEqual({ site: "s1", label: "billing", agent: "ben" });
    expect(filterOf("mine", narrowed, "ana")).toEqual({ site: "s1", label: "billing", agent: "ana" });
    expect(filterOf("closed", narrowed, "ana")).toEqual({ site: "s1", label: "billing", control: ["closed"] });
  });
});

describe("the filter by teams", () => {
  it("is of those who wait alone, and of one's own teams where one says so", () => {
    const ours = { ...EVERYTHING, team: MY_TEAMS };

    expect(filterOf("waiting", ours, "ana", ["t1", "t2"])).toEqual({ waiting: true, teams: ["t1", "t2"] });
    expect(filterOf("waiting", { ...ours, team: "t3" }, "ana", ["t1"])).toEqual({ waiting: true, teams: ["t3"] });
    expect(filterOf("mine", ours, "ana", ["t1"])).toEqual({ agent: "ana" });
    expect(VIEWS.filter((view) => effective(view, ours).team !== null)).toEqual(["waiting"]);
  });
});
