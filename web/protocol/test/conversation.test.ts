import { describe, expect, it } from "vitest";

import {
  drafted,
  EMPTY,
  extended,
  filled,
  followed as take,
  positioned,
  prepended,
  received,
  rested,
  seen,
  typed,
  type View,
} from "../src/conversation";
import type { Event } from "../src/frames.gen";
import { AI, ANA, event, finished, followed, said, started } from "./log";

const seqs = (view: View) => view.events.map(({ seq }) => seq);
const after = (...events: Event[]) => events.reduce((view, next) => received(view, next).view, EMPTY);
const delta = (offset: number, text: string, answer = "r1") =>
  ({ push: "delta", conversation: "c1", answer, offset, text }) as const;

describe("events", () => {
  it("applies the next one and drops what it has", () => {
    const view = after(said(1), said(2), said(1), said(2));

    expect(seqs(view)).toEqual([1, 2]);
  });

  it("holds what comes after a gap and asks for exactly the gap", () => {
    const { view, ask } = received(after(said(1)), said(4));

    expect(seqs(view)).toEqual([1]);
    expect(ask).toEqual({ ask: "history", after: 1, until: 3 });
  });

  it("goes on with what it held once the gap is filled", () => {
    const gap = received(received(after(said(1)), said(5)).view, said(4)).view;

    const { view, ask } = filled(gap, [said(2), said(3)]);

    expect(seqs(view)).toEqual([1, 2, 3, 4, 5]);
    expect(view.held).toEqual([]);
    expect(ask).toBeNull();
  });

  it("asks again when a page does not reach as far as the gap", () => {
    const gap = received(after(said(1)), said(5)).view;

    expect(filled(gap, [said(2)]).ask).toEqual({ ask: "history", after: 2, until: 4 });
  });

  it("ends up with the same log whatever the order of arrival, doubled or not", () => {
    const log = Array.from({ length: 12 }, (_, i) => said(i + 1));
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let round = 0; round < 200; round++) {
      const arrivals = [...log, ...log].sort(() => random() - 0.5);

      const view = after(...arrivals);

      expect(view.events).toEqual(log);
      expect(view.held).toEqual([]);
    }
  });

  it("learns of a lost tail from the position", () => {
    const view = after(said(1));

    expect(positioned(view, 3).ask).toEqual({ ask: "history", after: 1, until: 3 });
    expect(positioned(view, 1).ask).toBeNull();
  });

  it("puts older ones above without doubling any", () => {
    const view = take(EMPTY, followed([said(5), said(6)], { before: 5 })).view;

    const whole = prepended(view, [said(3), said(4), said(5)], 3);

    expect(seqs(whole)).toEqual([3, 4, 5, 6]);
    expect(whole.before).toBe(3);
  });
});

describe("following", () => {
  it("is replaced by a snapshot", () => {
    const view = take(after(said(1), said(2)), followed([said(51), said(52)], { log: "l2", before: 51 })).view;

    expect(seqs(view)).toEqual([51, 52]);
    expect([view.last, view.before, view.log]).toEqual([52, 51, "l2"]);
  });

  it("goes on with a tail: an old snapshot and the tail are a fresh snapshot", () => {
    const log = [said(1), started(2), finished(3), event(4, { kind: "human_requested", by: "visitor" })];
    const state = { control: "pending", agent: null, since: 4, open_answer: null } as const;

    const old = take(EMPTY, followed(log.slice(0, 2), { state: { ...AI, open_answer: "r1" } })).view;
    const resumed = take(old, followed(log.slice(2), { mode: "tail", state })).view;

    expect(resumed).toEqual(take(EMPTY, followed(log, { state })).view);
  });

  it("takes an empty snapshot of a conversation whose words are all further up", () => {
    const view = take(EMPTY, followed([], { top: 9, before: 10 })).view;

    expect(received(view, said(10)).view.last).toBe(10);
  });

  it("learns how far both sides have read, however old that news is", () => {
    const reading = followed([said(1), said(2), said(3)], { read: [{ role: "agent", seq: 2 }, { role: "visitor", seq: 1 }] });

    const view = take(EMPTY, reading).view;

    expect(view.read).toEqual({ visitor: 3, agent: 2 });
    expect(take(seen(view, "agent", 3), { ...reading, mode: "tail", events: [] }).view.read.agent).toBe(3);
  });

  it("forgets the marks of another log, whose numbers say nothing here", () => {
    const old = seen(take(EMPTY, followed([said(51), said(52)])).view, "agent", 52);

    const view = take(old, followed([said(1)], { log: "l2", read: [{ role: "agent", seq: 0 }] })).view;

    expect(view.read).toEqual({ visitor: 1 });
  });

  it("shows the draft of an answer that is being written, and only of that one", () => {
    const state = { ...AI, open_answer: "r1" };
    const open = followed([said(1), started(2)], { state, draft: { answer: "r1", text: "Of cou" } });

    expect(take(EMPTY, open).view.draft?.text).toBe("Of cou");
    expect(take(EMPTY, { ...open, draft: { answer: "r0", text: "Old" } }).view.draft).toBeNull();
  });
});

describe("an answer as it is written", () => {
  const writing = after(said(1), started(2));
  const write = (view: View, ...deltas: ReturnType<typeof delta>[]) =>
    deltas.reduce((so, next) => extended(so, next).view, view);

  it("grows by its deltas", () => {
    expect(write(writing, delta(0, "Of "), delta(3, "course")).draft?.text).toBe("Of course");
  });

  it("counts code points, not half emoji", () => {
    expect(write(writing, delta(0, "👩‍🏫!"), delta(4, " ok")).draft?.text).toBe("👩‍🏫! ok");
  });

  it("takes each character once, however the deltas overlap", () => {
    expect(write(writing, delta(0, "🌴 ab"), delta(2, "abc"), delta(1, " a")).draft?.text).toBe("🌴 abc");
  });

  it("asks for all of it when there is a hole", () => {
    const { view, ask } = extended(write(writing, delta(0, "Of")), delta(9, "se"));

    expect(view.draft?.text).toBe("Of");
    expect(ask).toEqual({ ask: "follow" });
  });

  it("is replaced by a draft, from where deltas go on", () => {
    const view = drafted(writing, { push: "draft", conversation: "c1", answer: "r1", text: "Of course" });

    expect(write(view, delta(9, ", yes")).draft?.text).toBe("Of course, yes");
  });

  it("ends with its event: nothing of it is taken after that", () => {
    const closed = received(write(writing, delta(0, "Of")), finished(3)).view;

    expect(closed.draft).toBeNull();
    expect(write(closed, delta(2, " course"))).toBe(closed);
    expect(drafted(closed, { push: "draft", conversation: "c1", answer: "r1", text: "Of course" })).toBe(closed);
  });

  it("is not begun by deltas of an answer that has not started", () => {
    expect(extended(after(said(1)), delta(0, "Of"))).toEqual({ view: after(said(1)), ask: null });
  });
});

describe("who is in charge", () => {
  const ana = { id: "a1", name: "Ana" };
  const ben = { id: "a2", name: "Ben" };
  it.each([
    [{ kind: "human_requested", by: "visitor" }, "pending", null],
    [{ kind: "claimed", agent: ana }, "human", ana],
    [{ kind: "transferred", from: ana, to: ben }, "human", ben],
    [{ kind: "returned_to_queue" }, "pending", null],
    [{ kind: "request_withdrawn" }, "ai", null],
    [{ kind: "handed_back" }, "ai", null],
    [{ kind: "closed" }, "closed", null],
    [{ kind: "reopened" }, "ai", null],
  ] as const)("follows from the event: %j", (fact, control, agent) => {
    const view = after(said(1), event(2, fact, ANA));

    expect(view.state).toEqual({ control, agent, since: 2, open_answer: null });
  });
});

describe("what passes", () => {
  it("shows typing for six seconds, or until the words come", () => {
    const typing = typed(after(said(1)), { push: "typing", conversation: "c1", author: ANA }, 1000);

    expect(rested(typing, 6999).typing).toHaveLength(1);
    expect(rested(typing, 7000).typing).toHaveLength(0);
    expect(received(typing, said(2, "Hello", ANA)).view.typing).toHaveLength(0);
  });

  it("remembers how far each side has read, and never goes back", () => {
    const view = seen(seen(after(said(1), said(2), said(3)), "agent", 3), "agent", 2);

    expect(view.read).toEqual({ visitor: 3, agent: 3 });
  });
});
