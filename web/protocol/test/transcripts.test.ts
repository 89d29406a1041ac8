/// <reference types="vite/client" />
import { describe, expect, it } from "vitest";

import { EMPTY, extended, followed, received, type Step, type View } from "../src/conversation";
import type { DeltaPush, EventPush, FollowedConversation, State } from "../src/frames.gen";
import type { Item } from "../src/api";
import { itemsOf, withLive } from "../src/items";
import { ROSA } from "./log";

/** See tests/transcripts/record.py, which writes the recordings. */
type Line = { readonly reader: Reader } & ({ readonly frame: Frame } | Look);
type Frame = EventPush | DeltaPush;
type Reader = "visitor" | "agent";

interface Look {
  readonly view: { readonly state: State; readonly items: readonly unknown[] };
  readonly followed: FollowedConversation;
}

const FILES = import.meta.glob<string>("../../../tests/transcripts/*.jsonl", {
  query: "?raw",
  import: "default",
  eager: true,
});
const STORIES = Object.entries(FILES).map(([path, text]) => ({
  story: path.replace(/^.*\/|\.jsonl$/g, ""),
  lines: text.trim().split("\n").map((line) => JSON.parse(line) as Line),
}));
const READERS = STORIES.flatMap(({ story, lines }) =>
  (["visitor", "agent"] as const).map((reader) => ({ story, reader, lines: lines.filter((one) => one.reader === reader) })),
);

/** What the frames make of a view; nothing may be missing on the way. */
function shown(view: View, frame: Frame): View {
  const { view: next, ask }: Step = frame.push === "event" ? received(view, frame.event) : extended(view, frame);
  expect(ask).toBeNull();
  return next;
}

/** A view in the words of the recordings. */
function told({ state, events, draft }: View) {
  return { state, items: withLive(itemsOf(events), draft, [], ROSA).map(inWords) };
}

function inWords(item: Item) {
  const place = { seq: item.seq, kind: item.kind, role: item.author.role };
  switch (item.kind) {
    case "message":
      return { ...place, text: item.text, ...(item.offers.length > 0 ? { offers: item.offers } : {}) };
    case "answer":
      return { ...place, text: item.text, outcome: item.outcome };
    case "note":
    case "rating":
      return { ...place, text: item.text };
    case "handover":
      return { ...place, text: item.summary };
    case "call":
      return { ...place, text: item.url };
    case "contact":
      return { ...place, text: item.email };
    case "change":
      return { ...place, text: item.change.kind };
  }
}

const isLook = (line: Line): line is Line & Look => "view" in line;

it("finds the recordings", () => {
  expect(STORIES.length).toBeGreaterThanOrEqual(7);
});

describe.each(READERS)("$story, as received by the $reader", ({ lines }) => {
  it("folds to the view that the domain wrote", () => {
    let view = EMPTY;

    for (const line of lines) {
      if (isLook(line)) expect(told(view)).toEqual(line.view);
      else view = shown(view, line.frame);
    }
  });

  it("looks the same to who comes late", () => {
    for (const { followed: reply, view } of lines.filter(isLook)) {
      expect(told(followed(EMPTY, reply).view)).toEqual(view);
    }
  });

  it("looks the same after a reconnect at any moment", () => {
    const frames = lines.flatMap((line) => (isLook(line) ? [] : [line.frame]));
    const { followed: whole, view: end } = lines.filter(isLook).at(-1) ?? expect.fail("nobody looked");

    frames.forEach((_, moment) => {
      const before = frames.slice(0, moment).reduce(shown, EMPTY);
      const events = whole.events.filter(({ seq }) => seq > before.last);
      const { view, ask } = followed(before, { ...whole, mode: "tail", events });
      expect(ask).toBeNull();
      expect(told(view)).toEqual(end);
    });
  });
});
