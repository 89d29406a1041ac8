import { expect, it } from "vitest";

import type { Pending } from "../src/api";
import { Refused } from "../src/errors";
import { itemsOf, withLive } from "../src/items";
import { ANA, event, finished, ROSA, said, started } from "./log";

const texts = (items: ReturnType<typeof itemsOf>) =>
  items.map((item) => ("text" in item ? `${item.kind}: ${item.text}` : item.kind));

const waiting = (key: string, fields: Partial<Pending> = {}): Pending => ({
  key,
  do: "post",
  fields: {},
  text: "On its way",
  at: "2026-03-03T12:01:00Z",
  status: "sending",
  error: null,
  elsewhere: false,
  ...fields,
});

it("puts an answer where it started, whatever was said meanwhile", () => {
  const items = itemsOf([said(1, "A?"), started(2), said(3, "B?"), finished(4, { text: "To A" })]);

  expect(texts(items)).toEqual(["message: A?", "answer: To A", "message: B?"]);
});

it("puts an answer at its end when its start is not loaded", () => {
  expect(texts(itemsOf([said(3, "B?"), finished(4, { text: "To A" })]))).toEqual(["message: B?", "answer: To A"]);
});

it("leaves no trace of an answer of which nothing was shown", () => {
  const superseded = finished(3, { outcome: "superseded", text: "" });
  const cut = finished(5, { answer: "r2", outcome: "interrupted", text: "" });

  expect(itemsOf([started(2), superseded, started(4, "r2"), cut])).toEqual([]);
});

it("keeps an item's id when the answer ends", () => {
  const open = itemsOf([started(2)]);
  const closed = itemsOf([started(2), finished(3)]);

  expect(closed[0]?.id).toBe(open[0]?.id);
});

it("writes the draft into the open answer", () => {
  const items = withLive(itemsOf([started(2)]), { answer: "r1", text: "Of cou" }, [], ROSA);

  expect(texts(items)).toEqual(["answer: Of cou"]);
});

it("shows our own message at once, and exactly once when it is stored", () => {
  const echo = withLive([], null, [waiting("k1")], ROSA);
  const stored = withLive(itemsOf([said(1, "On its way", ROSA, "k1")]), null, [waiting("k1", { status: "sent" })], ROSA);

  expect(echo).toMatchObject([{ id: "k1", status: "sending", author: ROSA, text: "On its way" }]);
  expect(stored).toMatchObject([{ id: "k1", status: "sent", seq: 1 }]);
});

it("says beside a message why it was refused", () => {
  const error = new Refused("limit", "That is too much for today.");

  const items = withLive([], null, [waiting("k1", { status: "refused", error })], ROSA);

  expect(items).toMatchObject([{ key: "k1", status: "refused", error }]);
});

it("shows no bubble for the buttons", () => {
  expect(withLive([], null, [waiting("k1", { do: "request_human" })], ROSA)).toEqual([]);
});

it("empties what was redacted and keeps its place", () => {
  const items = itemsOf([
    said(1, "My card is 4111"),
    started(2),
    finished(3, { text: "Your card is 4111" }),
    event(4, { kind: "redacted", event: "e1" }, ANA),
    event(5, { kind: "redacted", event: "e3" }, ANA),
  ]);

  expect(items).toMatchObject([
    { kind: "message", text: "", redacted: true },
    { kind: "answer", text: "", sources: [], redacted: true },
  ]);
});
