import { Refused, type Item } from "@havana/protocol";
import { describe, expect, it } from "vitest";

import { actionsFor, explainRefusal, heldByOther, holderLine, mayTransfer } from "../src/thread/actions";
import { withHandovers } from "../src/thread/handover";
import { changeLine, lastHandover, reasonLine } from "../src/thread/lines";
import { progress, rowsOf } from "../src/thread/rows";
import { admin, agent, ana, assistant, log, noted, place, said, state, system, visitor } from "./made";

/** Rows as short text: groups as "author: words", others by kind. */
const outline = (items: Item[]) =>
  rowsOf(withHandovers(items, [])).map((row) =>
    row.kind === "group" ? `${row.author.id}: ${row.speeches.map((speech) => speech.id).join(" ")}` : row.kind,
  );

describe("how far the team's latest words have come", () => {
  const onItsWay = { ...said("hello", agent, 2), seq: null, status: "sending" } as Item;

  it("is sending, then seen once the visitor has read them", () => {
    expect(progress([said("hi", visitor, 1), onItsWay], 1)).toBe("sending");
    expect(progress([said("hello", agent, 2)], 1)).toBeNull();
    expect(progress([said("hello", agent, 2), noted("odd", agent, 3)], 2)).toBe("seen");
  });

  it("is not told once somebody has said something since", () => {
    expect(progress([said("hello", agent, 2), said("hi", visitor, 3)], 3)).toBeNull();
  });
});

describe("the rows of a thread", () => {
  it("put together what one person says in one go", () => {
    expect(outline([said("hi", visitor, 0), said("there", visitor, 1), said("hello", agent, 2)])).toEqual([
      "day",
      "v1: hi there",
      "ana: hello",
    ]);
  });

  it("begin a new group after a pause", () => {
    expect(outline([said("hi", visitor, 0), said("well?", visitor, 6)])).toEqual(["day", "v1: hi", "v1: well?"]);
  });

  it("never put a note and a reply together", () => {
    expect(outline([said("hi", agent, 0), noted("odd", agent, 1), said("so", agent, 2)])).toEqual([
      "day",
      "ana: hi",
      "ana: odd",
      "ana: so",
    ]);
  });

  it("let what happened stand between words", () => {
    const change = log([agent, { kind: "handed_back" }])[0];
    if (change?.kind !== "handed_back") throw new Error("not the event that was made");
    const items: Item[] = [
      said("a", agent, 0),
      { ...place("back", agent, 1), kind: "change", change },
      said("words", system, 1),
      said("b", agent, 2),
    ];

    expect(outline(items)).toEqual(["day", "ana: a", "fact", "system", "ana: b"]);
  });

  it("name each day once", () => {
    const nextDay = 24 * 60;

    expect(outline([said("a", visitor, 0), said("b", visitor, nextDay), said("c", visitor, nextDay + 1)])).toEqual([
      "day",
      "v1: a",
      "day",
      "v1: b c",
    ]);
  });

  it("keep the keys of what was there when earlier rows come", () => {
    const later = [said("b", agent, 1), said("c", visitor, 2)];
    const keys = (items: Item[]) => rowsOf(withHandovers(items, [])).map((row) => row.key);

    expect(keys([said("a", visitor, 0), ...later])).toEqual(expect.arrayContaining(["b", "c"]));
    expect(keys(later)).toEqual(expect.arrayContaining(["b", "c"]));
  });
});

describe("the actions", () => {
  const bens = state("human", { id: "ben", name: "Ben" });
  const anas = state("human", { id: "ana", name: "Ana" });

  it("are the next sensible ones of each state", () => {
    expect(actionsFor(state("ai"), ana)).toEqual(["claim", "close"]);
    expect(actionsFor(state("pending"), ana)).toEqual(["claim", "close", "hand_back"]);
    expect(actionsFor(anas, ana)).toEqual(["hand_back", "close", "return_to_queue"]);
    expect(actionsFor(state("closed"), ana)).toEqual(["reopen"]);
  });

  it("leave a colleague's conversation alone, except for admins", () => {
    expect(actionsFor(bens, ana)).toEqual([]);
    expect(actionsFor(bens, admin)).toEqual(["take_from", "close", "hand_back", "return_to_queue"]);
    expect([mayTransfer(bens, ana), mayTransfer(bens, admin), mayTransfer(anas, ana)]).toEqual([false, true, true]);
    expect([heldByOther(bens, ana)?.name, heldByOther(anas, ana)]).toEqual(["Ben", null]);
  });

  it("stand beside who is in charge, in words", () => {
    expect([state("ai"), state("pending"), anas, bens, state("closed")].map((one) => holderLine(one, ana))).toEqual([
      "The assistant answers",
      "Waiting for a person",
      "You are in charge",
      "Ben is in charge",
      "Closed",
    ]);
  });

  it("that came too late say who was faster", () => {
    expect(explainRefusal(new Refused("already_claimed", "", null, bens))).toBe("Ben took this chat a moment ago.");
    expect(explainRefusal(new Refused("offline", ""))).toMatch(/no connection/);
    expect(explainRefusal(new TypeError("x"))).toBe("This did not work. Try again.");
  });
});

describe("what happened, in words", () => {
  it("names who and why", () => {
    const lines = log(
      [visitor, { kind: "human_requested", by: "visitor" }],
      [assistant, { kind: "human_requested", by: "assistant" }],
      [agent, { kind: "claimed", agent: { id: "ana", name: "Ana" } }],
      [agent, { kind: "transferred", from: { id: "ana", name: "Ana" }, to: { id: "ben", name: "Ben" } }],
      [system, { kind: "returned_to_queue", reason: "agent_gone" }],
      [agent, { kind: "closed", reason: "closed" }],
      [system, { kind: "closed", reason: "idle" }],
    ).flatMap((event) =>
      event.kind === "human_requested" ||
      event.kind === "claimed" ||
      event.kind === "transferred" ||
      event.kind === "returned_to_queue" ||
      event.kind === "closed"
        ? [changeLine(event)]
        : [],
    );

    expect(lines).toEqual([
      "Curious Heron asked for a person",
      "The assistant asked for a person",
      "Ana took over",
      "Ana transferred this to Ben",
      "Returned to the queue: the person in charge was gone",
      "Ana closed the conversation",
      "Closed: nothing was said for a day",
    ]);
  });

  it("tells why the visitor was handed over last", () => {
    const asked = log(
      [visitor, { kind: "human_requested", by: "visitor" }],
      [assistant, { kind: "human_requested", by: "assistant" }],
      [assistant, { kind: "handover_noted", reason: "frustrated", summary: "Asked three times." }],
    );

    expect(lastHandover(asked)).toEqual({
      why: "The visitor seemed unhappy with the answers.",
      summary: "Asked three times.",
    });
    expect(lastHandover(asked.slice(0, 1))).toEqual({ why: "The visitor pressed “Talk to a person”.", summary: "" });
    expect(lastHandover([])).toBeNull();
    expect(reasonLine("something_new")).toBe("The assistant handed over.");
  });

  it("forgets a summary that was removed", () => {
    const events = log(
      [assistant, { kind: "human_requested", by: "assistant" }],
      [assistant, { kind: "handover_noted", reason: "asked", summary: "secret" }],
      [agent, { kind: "redacted", event: "e2" }],
    );

    expect(lastHandover(events)?.summary).toBe("");
  });
});
