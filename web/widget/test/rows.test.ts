import type { Author, Item, Offer } from "@havana/protocol";
import { describe, expect, it } from "vitest";

import { progress, rowsOf, type Row } from "../src/rows";

const ROSA: Author = { role: "visitor", id: "v1", name: "Rosa" };
const ANA: Author = { role: "agent", id: "a1", name: "Ana" };
const ASSISTANT: Author = { role: "assistant", id: "assistant", name: "Assistant" };
const SYSTEM: Author = { role: "system", id: "system", name: "Havana Tech" };
const NOW = new Date(2026, 2, 3, 18, 0);
const BOTH: readonly Offer[] = ["leave_contact", "withdraw_request"];

const at = (minute: number, day = 3) => new Date(2026, 2, day, 14, minute).toISOString();
let count = 0;

function said(author: Author, when = at(0), fields: Partial<Extract<Item, { kind: "message" }>> = {}): Item {
  const seq = ++count;
  const bare = { event: null, offers: [], status: "sent", key: null, error: null, redacted: false } as const;
  return { kind: "message", id: `m${String(seq)}`, seq, at: when, author, text: "words", ...bare, ...fields };
}

function call(author: Author): Item {
  return { kind: "call", id: "call", seq: 9, at: at(0), author, url: "https://example.org" };
}

const change = (kind: "claimed" | "closed"): Item =>
  ({ kind: "change", id: kind, seq: 8, at: at(0), author: ANA, change: { kind } }) as Item;

const shape = (rows: readonly Row[]) =>
  rows.map((row) => (row.kind === "group" ? `${row.own ? "own" : "their"} ${String(row.items.length)}` : row.kind));

const rows = (...items: Item[]) => rowsOf(items, BOTH, NOW);

describe("rows", () => {
  it("groups what one side says in a row", () => {
    expect(shape(rows(said(ROSA), said(ROSA), said(ANA), said(ROSA)))).toEqual(["day", "own 2", "their 1", "own 1"]);
  });

  it("begins a new group after a pause", () => {
    expect(shape(rows(said(ANA, at(0)), said(ANA, at(4)), said(ANA, at(12))))).toEqual(["day", "their 2", "their 1"]);
  });

  it("does not group the assistant with an agent, nor two agents", () => {
    const ben = { ...ANA, id: "a2", name: "Ben" };

    expect(shape(rows(said(ASSISTANT), said(ANA), said(ben)))).toEqual(["day", "their 1", "their 1", "their 1"]);
  });

  it("separates the days in the reader's zone", () => {
    const days = rows(said(ROSA, at(0, 2)), said(ROSA, at(0, 3))).filter((row) => row.kind === "day");

    expect(days.map(({ label }) => label)).toEqual(["Yesterday", "Today"]);
  });

  it("shows system words as a line, and changes of control not a second time", () => {
    expect(shape(rows(said(ROSA), change("claimed"), said(SYSTEM), said(ROSA)))).toEqual(["day", "own 1", "line", "own 1"]);
  });

  it("puts the call on our side, also when the visitor asked for it", () => {
    expect(shape(rows(said(ROSA), call(ROSA)))).toEqual(["day", "own 1", "their 1"]);
    expect(shape(rows(said(ANA), call(ANA)))).toEqual(["day", "their 2"]);
    expect(shape(rows(said(ASSISTANT), call(ROSA)))).toEqual(["day", "their 2"]);
  });
});

describe("offers below system words", () => {
  const offering = () => said(SYSTEM, at(0), { offers: BOTH });
  const offers = (items: Item[], open = BOTH) =>
    rowsOf(items, open, NOW).flatMap((row) => (row.kind === "line" ? [row.offers] : []));

  it("stand below the latest words only", () => {
    expect(offers([offering(), offering()])).toEqual([[], BOTH]);
  });

  it("are gone when they cannot be taken up any more", () => {
    expect(offers([offering()], [])).toEqual([[]]);
  });

  it("are gone when they have been taken up", () => {
    const left = { kind: "contact", id: "c", seq: 9, at: at(1), author: ROSA, name: "R", email: "r@e.org" } as Item;

    expect(offers([offering(), { ...left, redacted: false } as Item])).toEqual([["withdraw_request"]]);
  });

  it("ask for a person until the visitor says something or somebody else is in charge", () => {
    const asking = () => said(SYSTEM, at(0), { offers: ["request_human", "keep_going"] });
    const open: readonly Offer[] = ["request_human", "keep_going"];

    expect(offers([asking(), said(ASSISTANT)], open)).toEqual([open]);
    expect(offers([asking(), said(ROSA)], open)).toEqual([[]]);
    expect(offers([asking(), change("claimed")], open)).toEqual([[]]);
  });
});

describe("how far our latest words have come", () => {
  it("is sending, sent, then seen", () => {
    const waiting = said(ROSA, at(0), { seq: null, status: "sending" });
    const stored = said(ROSA, at(0), { seq: 4 });

    expect(progress([waiting], {})).toEqual({ of: waiting.id, is: "sending" });
    expect(progress([stored], { agent: 3 })).toEqual({ of: stored.id, is: "sent" });
    expect(progress([stored], { agent: 4 })).toEqual({ of: stored.id, is: "seen" });
  });

  it("is not told once somebody has answered, or when they were refused", () => {
    expect(progress([said(ROSA), said(ANA)], {})).toBeNull();
    expect(progress([said(ROSA, at(0), { status: "refused" })], {})).toBeNull();
  });

  it("is told of what was acknowledged before something was refused", () => {
    const stored = said(ROSA, at(0), { seq: 4 });
    const refused = said(ROSA, at(1), { seq: null, status: "refused" });
    const waiting = said(ROSA, at(2), { seq: null, status: "sending" });

    expect(progress([stored, refused], {})).toEqual({ of: stored.id, is: "sent" });
    expect(progress([stored, refused, waiting], {})).toEqual({ of: waiting.id, is: "sending" });
  });
});
