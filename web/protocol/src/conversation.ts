import type {
  Author,
  DeltaPush,
  DraftPush,
  Event,
  FollowedConversation,
  Role,
  State,
  TypingPush,
} from "./frames.gen";
import { afterCodePoints, codePoints } from "./text";

export const TYPING_SHOWN_MS = 6000;

/**
 * What we hold of a conversation: a gapless stretch of its log, and what is going on at its end.
 *
 * Every function here is pure: it answers with the next view and with what to ask the server for, if anything.
 */
export interface View {
  readonly log: string | null;
  readonly state: State;
  readonly events: readonly Event[];
  readonly last: number;
  readonly before: number | null;
  /** Events from behind a gap, ascending; they wait until the gap is filled. */
  readonly held: readonly Event[];
  readonly draft: (LiveDraft & { readonly length: number }) | null;
  readonly typing: readonly Typing[];
  readonly read: Readonly<Partial<Record<Role, number>>>;
}

export interface LiveDraft {
  readonly answer: string;
  readonly text: string;
}

interface Typing {
  readonly author: Author;
  readonly until: number;
}

/** What is missing: events after `after` (up to `until`), or the whole draft (by following again). */
export type Ask =
  | { readonly ask: "history"; readonly after: number; readonly until: number }
  | { readonly ask: "follow" };

export interface Step {
  readonly view: View;
  readonly ask: Ask | null;
}

export const EMPTY: View = {
  log: null,
  state: { control: "ai", agent: null, since: 0, open_answer: null },
  events: [],
  last: 0,
  before: null,
  held: [],
  draft: null,
  typing: [],
  read: {},
};

/** A snapshot replaces what we had; a tail goes on from it. */
export function followed(view: View, reply: FollowedConversation): Step {
  const start = reply.mode === "snapshot" ? afresh(view, reply) : view;
  const applied = reply.events.reduce(apply, start);
  const caughtUp: View = {
    ...applied,
    log: reply.log,
    state: applied.last === reply.top ? reply.state : applied.state,
    draft: null,
  };
  const settled = reply.read.reduce((so, { role, seq }) => seen(so, role, seq), release(caughtUp));
  const { draft } = reply;
  const open = draft !== null && settled.state.open_answer === draft.answer;
  return withAsk(open ? { ...settled, draft: { ...draft, length: codePoints(draft.text) } } : settled);
}

function afresh(view: View, { events, top, before, log }: FollowedConversation): View {
  const last = (events[0]?.seq ?? top + 1) - 1;
  // Where no log is known yet, what is held came by the same connection and so from this one.
  const ours = view.log === null || view.log === log ? view : EMPTY;
  return { ...view, events: [], last, before, held: ours.held, read: ours.read };
}

/** The next event is applied, an old one dropped, a later one held until the gap before it is filled. */
export function received(view: View, event: Event): Step {
  return event.seq > view.last ? filled(view, [event]) : { view, ask: null };
}

/** Events that were asked for to fill a gap. */
export function filled(view: View, events: readonly Event[]): Step {
  return withAsk(release({ ...view, held: events.reduce(hold, view.held) }));
}

/** Older events, from above the first we have. */
export function prepended(view: View, events: readonly Event[], before: number | null): View {
  const first = view.events[0]?.seq ?? view.last + 1;
  const older = events.filter(({ seq }) => seq < first);
  return { ...view, events: [...older, ...view.events], before };
}

/** The server says how far the log goes: a lost tail shows itself. */
export function positioned(view: View, seq: number): Step {
  return seq > view.last ? { view, ask: { ask: "history", after: view.last, until: seq } } : { view, ask: null };
}

/** More of an answer. What is known already is cut off; what does not join is asked for. */
export function extended(view: View, delta: DeltaPush): Step {
  if (view.state.open_answer !== delta.answer) return { view, ask: null };
  const draft = view.draft ?? { answer: delta.answer, text: "", length: 0 };
  if (delta.offset > draft.length) return { view, ask: { ask: "follow" } };
  const fresh = afterCodePoints(delta.text, draft.length - delta.offset);
  const length = draft.length + codePoints(fresh);
  return { view: { ...view, draft: { answer: delta.answer, text: draft.text + fresh, length } }, ask: null };
}

/** All of an answer so far. */
export function drafted(view: View, { answer, text }: DraftPush): View {
  if (view.state.open_answer !== answer) return view;
  return { ...view, draft: { answer, text, length: codePoints(text) } };
}

export function typed(view: View, { author }: TypingPush, now: number): View {
  const others = view.typing.filter((one) => one.author.id !== author.id);
  return { ...view, typing: [...others, { author, until: now + TYPING_SHOWN_MS }] };
}

/** Typing that nobody renewed has ended. */
export function rested(view: View, now: number): View {
  const typing = view.typing.filter(({ until }) => until > now);
  return typing.length === view.typing.length ? view : { ...view, typing };
}

export function seen(view: View, role: Role, seq: number): View {
  if (seq <= (view.read[role] ?? 0)) return view;
  return { ...view, read: { ...view.read, [role]: seq } };
}

function apply(view: View, event: Event): View {
  if (event.seq !== view.last + 1) return view;
  const state = after(view.state, event);
  const { role, id } = event.author;
  return {
    ...view,
    state,
    events: [...view.events, event],
    last: event.seq,
    draft: view.draft?.answer === state.open_answer ? view.draft : null,
    typing: view.typing.filter(({ author }) => author.id !== id),
    // Whoever writes below has seen what stands above.
    read: { ...view.read, [role]: Math.max(event.seq, view.read[role] ?? 0) },
  };
}

/** The state as this event leaves it. */
function after(state: State, event: Event): State {
  const change = (control: State["control"], agent: State["agent"] = null): State => ({
    control,
    agent,
    since: event.seq,
    open_answer: null,
  });
  switch (event.kind) {
    case "answer_started":
      return { ...state, open_answer: event.answer };
    case "answer_finished":
      return state.open_answer === event.answer ? { ...state, open_answer: null } : state;
    case "human_requested":
    case "returned_to_queue":
      return change("pending");
    case "claimed":
      return change("human", event.agent);
    case "transferred":
      return change("human", event.to);
    case "request_withdrawn":
    case "handed_back":
    case "reopened":
      return change("ai");
    case "closed":
      return change("closed");
    default:
      return state;
  }
}

function hold(held: readonly Event[], event: Event): readonly Event[] {
  if (held.some(({ seq }) => seq === event.seq)) return held;
  return [...held, event].sort((a, b) => a.seq - b.seq);
}

function release(view: View): View {
  const applied = view.held.reduce(apply, view);
  const held = view.held.filter(({ seq }) => seq > applied.last);
  return { ...applied, held };
}

function withAsk(view: View): Step {
  const next = view.held[0];
  if (next === undefined) return { view, ask: null };
  return { view, ask: { ask: "history", after: view.last, until: next.seq - 1 } };
}
