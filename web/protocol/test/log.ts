import type { Author, Event, Fact, FollowedConversation, State } from "../src/frames.gen";

export const ROSA: Author = { role: "visitor", id: "v1", name: "Rosa" };
export const ANA: Author = { role: "agent", id: "a1", name: "Ana" };
export const ASSISTANT: Author = { role: "assistant", id: "assistant", name: "Assistant" };
export const SYSTEM: Author = { role: "system", id: "system", name: "Havana Tech" };
export const AI: State = { control: "ai", agent: null, since: 0, open_answer: null };

/** The event that `fact` becomes at `seq`. */
export function event(seq: number, fact: Fact, author: Author = ROSA, key?: string): Event {
  const envelope = { seq, id: `e${String(seq)}`, at: "2026-03-03T12:00:00Z", author };
  return { ...envelope, ...(key === undefined ? {} : { key }), ...fact };
}

export function said(seq: number, text = `words ${String(seq)}`, author: Author = ROSA, key?: string): Event {
  return event(seq, { kind: "message_posted", text }, author, key);
}

export function started(seq: number, answer = "r1"): Event {
  return event(seq, { kind: "answer_started", answer }, ASSISTANT);
}

type Ending = Partial<Extract<Fact, { kind: "answer_finished" }>>;

export function finished(seq: number, ending: Ending = {}): Event {
  const whole = { answer: "r1", outcome: "complete", text: "Yes.", sources: [], ...ending } as const;
  return event(seq, { kind: "answer_finished", ...whole }, ASSISTANT);
}

/** What `follow` answers with: by default a snapshot of all of `events`. */
export function followed(events: readonly Event[], fields: Partial<FollowedConversation> = {}): FollowedConversation {
  const top = events.at(-1)?.seq ?? 0;
  const whole = { log: "l1", mode: "snapshot", state: AI, before: null, draft: null, read: [] } as const;
  return { conversation: "c1", ...whole, events, top, ...fields };
}
