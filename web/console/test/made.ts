import type { Author, Event, Fact, Item, State, Summary } from "@havana/protocol";

import type { SignedIn } from "../src/session/session";

export const ana: SignedIn = { id: "ana", name: "Ana", email: "ana@example.org", role: "agent" };
export const admin: SignedIn = { ...ana, id: "boss", name: "Bo", role: "admin" };

export const visitor: Author = { role: "visitor", id: "v1", name: "Curious Heron" };
export const assistant: Author = { role: "assistant", id: "assistant", name: "Assistant" };
export const system: Author = { role: "system", id: "system", name: "Havana" };
export const agent: Author = { role: "agent", id: "ana", name: "Ana" };

export function state(control: State["control"], holder?: { id: string; name: string }): State {
  return { control, agent: holder ?? null, since: 1, open_answer: null };
}

export function summary(conversation: string, control: State["control"] = "ai", more: Partial<Summary> = {}): Summary {
  return {
    conversation,
    visitor: { id: `v-${conversation}`, name: "Somebody" },
    state: state(control),
    preview: "",
    at: "2026-03-10T12:00:00Z",
    seq: 1,
    unread: 0,
    waiting_since: null,
    approval_until: null,
    labels: [],
    team: null,
    site: "s1",
    answer_until: null,
    ...more,
  };
}

/** A log from its facts, a minute apart. */
export function log(...facts: [Author, Fact][]): Event[] {
  return facts.map(([author, fact], i) => ({ seq: i + 1, id: `e${String(i + 1)}`, at: minute(i), author, ...fact }));
}

/** Message items, each said by `author` at a minute of the same noon. */
export function said(id: string, author: Author, at: number): Item {
  return { ...place(id, author, at), kind: "message", text: id, event: id, offers: [], status: "sent", key: null, error: null, redacted: false };
}

export function noted(id: string, author: Author, at: number): Item {
  return { ...place(id, author, at), kind: "note", text: id, event: id, redacted: false };
}

export function place(id: string, author: Author, at: number) {
  return { id, seq: at, author, at: minute(at) };
}

export function minute(count: number): string {
  return new Date(Date.UTC(2026, 2, 10, 12, count)).toISOString();
}
