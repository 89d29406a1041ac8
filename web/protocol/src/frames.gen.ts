/**
 * The frames of `chat.v1`: what passes over the live channel, in both directions.
 *
 * Made from `src/havana/live/frames.py` by `scripts/generate.py`; do not edit.
 */

export type Role = "visitor" | "assistant" | "agent" | "system";
export type Writing = "reply" | "note";
export type Control = "ai" | "pending" | "human" | "closed";
export type Outcome = "complete" | "interrupted" | "superseded" | "failed";
export type Offer = "leave_contact" | "withdraw_request" | "request_human" | "keep_going";
export type HandoverReason = "asked" | "cannot_answer" | "frustrated" | "policy" | "tool_failure" | "model_failure";
export type ErrorCode = "bad_request" | "too_large" | "unauthorised" | "forbidden" | "not_found" | "already_claimed" | "stale" | "closed" | "limit" | "rate" | "busy" | "unknown_command" | "internal";

/** An agent as others see them; also inside events. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Some of the agents, under a name; also inside events, with the name that it had then. */
export interface TeamName {
  readonly id: string;
  readonly name: string;
}

/** Who an event is from. */
export interface Author {
  readonly role: Role;
  readonly id: string;
  readonly name: string;
}

/** An agent who has a conversation on screen; and what they are writing there, if they are. */
export interface Looker {
  readonly id: string;
  readonly name: string;
  readonly writing: Writing | null;
}

/** Where the visitor is on the website. */
export interface Page {
  readonly path: string;
  readonly title: string;
}

/** A visitor as they were last seen. `since`: on this page; `zone` is a name such as Europe/Berlin. */
export interface Context {
  readonly page: Page | null;
  readonly referrer: string;
  readonly language: string;
  readonly zone: string;
  readonly device: string;
  readonly since: string;
  readonly seen_at: string;
}

/** Something that an agent wrote of a visitor: `field` is name, email, notes, or the team's own word. `version` tells it from what stood there before; `by` is the name of the agent who wrote it, if that is known. */
export interface Detail {
  readonly field: string;
  readonly value: string;
  readonly version: string;
  readonly updated_at: string;
  readonly by: string | null;
}

/** Who is in charge. `since` is the seq of the change of control that led here. */
export interface State {
  readonly control: Control;
  readonly agent: Person | null;
  readonly since: number;
  readonly open_answer: string | null;
}

/** Where an answer's words come from; `url` is null for an article without a page of its own. `heading` is the part of the article, "" if it has no parts. */
export interface Source {
  readonly title: string;
  readonly url: string | null;
  readonly quote: string;
  readonly heading: string;
}

/** Somebody was put in charge by itself, who has so many seconds to answer. `team` is whom it waited for. */
export interface Assignment {
  readonly how: "round_robin" | "least_busy";
  readonly within_s: number;
  readonly team: TeamName | null;
}

// Facts

/** Somebody said something. System words may come with `offers` that the visitor's page shows as actions. */
export interface MessagePosted {
  readonly kind: "message_posted";
  readonly text: string;
  readonly offers?: readonly Offer[];
  readonly redacted?: boolean;
}

export interface AnswerStarted {
  readonly kind: "answer_started";
  readonly answer: string;
}

/** `sureness` is 0…1, how well what the answer cites answers the question; null where nothing was looked up. */
export interface AnswerFinished {
  readonly kind: "answer_finished";
  readonly answer: string;
  readonly outcome: Outcome;
  readonly text: string;
  readonly sources: readonly Source[];
  readonly redacted?: boolean;
  /** Staff only. */
  readonly sureness?: number;
}

export interface HumanRequested {
  readonly kind: "human_requested";
  readonly by: "visitor" | "assistant" | "system";
}

/** Staff only. */
export interface HandoverNoted {
  readonly kind: "handover_noted";
  readonly reason: HandoverReason;
  readonly summary: string;
  readonly redacted?: boolean;
}

/** Staff only. What whoever takes over should know at a glance, made by a machine. It belongs to the hand-over at seq `handover`. `language` is a BCP 47 tag; what is not known is "". */
export interface Summarised {
  readonly kind: "summarised";
  readonly handover: number;
  readonly who: string;
  readonly wants: string;
  readonly tried: string;
  readonly open: string;
  readonly mood: "calm" | "annoyed" | "angry";
  readonly language: string;
  readonly by: "model" | "extracted";
  readonly redacted?: boolean;
}

export interface RequestWithdrawn {
  readonly kind: "request_withdrawn";
}

export interface Claimed {
  readonly kind: "claimed";
  readonly agent: Person;
  /** Staff only. */
  readonly assigned?: Assignment;
}

export interface Transferred {
  readonly kind: "transferred";
  readonly from: Person;
  readonly to: Person;
}

export interface ReturnedToQueue {
  readonly kind: "returned_to_queue";
  /** Staff only. */
  readonly reason?: "returned" | "agent_gone" | "not_answered";
}

/** Staff only. It waits for this team from now on; null: for everybody again. Anybody may still claim it. */
export interface Routed {
  readonly kind: "routed";
  readonly team: TeamName | null;
}

export interface HandedBack {
  readonly kind: "handed_back";
}

export interface Closed {
  readonly kind: "closed";
  /** Staff only. */
  readonly reason?: "closed" | "idle" | "blocked";
}

export interface Reopened {
  readonly kind: "reopened";
}

export interface CallOffered {
  readonly kind: "call_offered";
  readonly url: string;
}

export interface ContactLeft {
  readonly kind: "contact_left";
  readonly name: string;
  readonly email: string;
  readonly redacted?: boolean;
}

export interface Rated {
  readonly kind: "rated";
  readonly score: number;
  readonly text: string;
  readonly redacted?: boolean;
}

/** Staff only. */
export interface NotePosted {
  readonly kind: "note_posted";
  readonly text: string;
  readonly redacted?: boolean;
}

/** Staff only. */
export interface Labelled {
  readonly kind: "labelled";
  readonly labels: readonly string[];
}

/** Staff only. The assistant wants a tool called that changes something: somebody of the team must allow it in time. `call` is the id of the call, `answer` that of the answer that asks for it. */
export interface ToolRequested {
  readonly kind: "tool_requested";
  readonly call: string;
  readonly answer: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly expires_at: string;
  readonly redacted?: boolean;
}

/** Staff only. The author has allowed the call. */
export interface ToolAllowed {
  readonly kind: "tool_allowed";
  readonly call: string;
  readonly tool: string;
}

/** Staff only. The call is not made: an agent said so, or nobody said anything, or the conversation was closed. */
export interface ToolRefused {
  readonly kind: "tool_refused";
  readonly call: string;
  readonly tool: string;
  readonly reason: "refused" | "expired" | "closed" | "redacted";
}

/** Staff only. A call that changes something is about to be made; by `until` it is over. `answer` is null for one that had to be allowed, whose arguments are in `tool_requested`. */
export interface ToolStarted {
  readonly kind: "tool_started";
  readonly call: string;
  readonly tool: string;
  readonly until: string;
  readonly answer: string | null;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly redacted?: boolean;
}

/** Staff only. What came of a call. Of one that only reads, this is the only fact. */
export interface ToolFinished {
  readonly kind: "tool_finished";
  readonly call: string;
  readonly tool: string;
  readonly outcome: "done" | "failed" | "unknown";
  readonly result: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly redacted?: boolean;
}

/** The event with id `event` was emptied. Who may see the target may see this: `public` remembers it. */
export interface Redacted {
  readonly kind: "redacted";
  readonly event: string;
}

/** Something of a newer release, which this one cannot read. It has its place, so that nobody misses an event. */
export interface Unknown {
  readonly kind: "unknown";
}

export type Fact =
  | MessagePosted
  | AnswerStarted
  | AnswerFinished
  | HumanRequested
  | HandoverNoted
  | Summarised
  | RequestWithdrawn
  | Claimed
  | Transferred
  | ReturnedToQueue
  | Routed
  | HandedBack
  | Closed
  | Reopened
  | CallOffered
  | ContactLeft
  | Rated
  | NotePosted
  | Labelled
  | ToolRequested
  | ToolAllowed
  | ToolRefused
  | ToolStarted
  | ToolFinished
  | Redacted
  | Unknown;

/** `key` is there on events whose request had one: for visitors on their own, for staff on all. */
export interface Envelope {
  readonly seq: number;
  readonly id: string;
  readonly at: string;
  readonly author: Author;
  readonly key?: string;
}

/** A fact in its place. */
export type Event = Fact extends infer F ? (F extends Fact ? Envelope & F : never) : never;

// Parts

/** A conversation in one line. `approval_until`, for staff: until when a call of a tool waits to be allowed. `labels` and `site` (an id) are the staff's, too, and left out for a visitor, as are the `team` that it waits for, and until when whoever was put in charge by itself has to answer (`answer_until`). */
export interface Summary {
  readonly conversation: string;
  readonly visitor: Person;
  readonly state: State;
  readonly preview: string;
  readonly at: string | null;
  readonly seq: number;
  readonly unread: number;
  readonly waiting_since: string | null;
  readonly approval_until: string | null;
  readonly labels: readonly string[] | null;
  readonly team: TeamName | null;
  readonly site: string | null;
  readonly answer_until: string | null;
}

export interface Draft {
  readonly answer: string;
  readonly text: string;
}

/** How far the visitor, or the staff, has read. */
export interface ReadMark {
  readonly role: "visitor" | "agent";
  readonly seq: number;
}

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry_ms: number | null;
  readonly state: State | null;
}

/** What the client lacks (`tail`), or what replaces its view (`snapshot`). Older events stand before `before`. */
export interface FollowedConversation {
  readonly conversation: string;
  readonly log: string;
  readonly mode: "tail" | "snapshot";
  readonly state: State;
  readonly events: readonly Event[];
  readonly top: number;
  readonly before: number | null;
  readonly draft: Draft | null;
  readonly read: readonly ReadMark[];
}

export interface NotFollowed {
  readonly conversation: string;
  readonly error: WireError;
}

export type Followed = FollowedConversation | NotFollowed;

/** A conversation and what the client has of it: everything up to `seq` of the log with this id. */
export interface Position {
  readonly conversation: string;
  readonly log?: string;
  readonly seq?: number;
}

/** `text` in code points, `frame` in bytes, `typing_ms`: how often `typing` is passed on. */
export interface Limits {
  readonly text: number;
  readonly frame: number;
  readonly following: number;
  readonly page: number;
  readonly typing_ms: number;
}

// Replies

/** `current` is the visitor's conversation: the one that the next message belongs to. */
export interface Welcome {
  readonly v: number;
  readonly session: string;
  readonly you: Author;
  readonly now: string;
  readonly ping_ms: number;
  readonly limits: Limits;
  readonly current: Summary | null;
  readonly following: readonly Followed[];
}

export interface Posted {
  readonly conversation: string;
  readonly log: string;
  readonly seq: number;
  readonly at: string;
  readonly repeated: boolean;
}

/** What a control command answers with. `conversation` and `log` tell which one it created or changed. */
export interface Changed {
  readonly conversation: string;
  readonly log: string;
  readonly seq: number;
  readonly at: string;
  readonly state: State;
  readonly repeated: boolean;
}

export interface HistoryPage {
  readonly events: readonly Event[];
  readonly before: number | null;
}

export interface InboxPage {
  readonly revision: number;
  readonly conversations: readonly Summary[];
  readonly next: string | null;
}

export type Done = Readonly<Record<string, never>>;

// Commands

/** The fields of each command, and what it answers with. */
export interface Commands {
  hello: [{ v: number; token: string; client?: string; following?: readonly Position[] }, Welcome];
  follow: [{ conversation: string; log?: string; seq?: number }, Followed];
  unfollow: [{ conversation: string }, Done];
  history: [{ conversation: string; before?: number; after?: number; until?: number; limit?: number }, HistoryPage];
  typing: [{ conversation: string }, Done];
  describe: [{ page?: Page; referrer?: string; language?: string; zone?: string }, Done];
  look: [{ conversation: string; writing?: Writing }, Done];
  look_away: [{ conversation: string }, Done];
  read: [{ conversation: string; seq: number }, Done];
  follow_inbox: [{ name?: string; filter?: Readonly<Record<string, unknown>> }, InboxPage];
  more_inbox: [{ cursor: string; name?: string }, InboxPage];
  unfollow_inbox: [{ name?: string }, Done];
  suggest: [{ conversation: string }, Done];
  rewrite: [{ conversation: string; text: string; how: "shorter" | "friendlier" }, Done];
  drop_suggestion: [{ conversation: string }, Done];
  post: [{ conversation?: string; key: string; text: string }, Posted];
  request_human: [{ conversation?: string; key?: string }, Changed];
  withdraw_request: [{ conversation: string; key?: string }, Changed];
  offer_call: [{ conversation?: string; key?: string }, Changed];
  leave_contact: [{ conversation?: string; name: string; email: string; key?: string }, Changed];
  rate: [{ conversation: string; score: number; text?: string }, Changed];
  note: [{ conversation: string; text: string; key?: string }, Changed];
  claim: [{ conversation: string }, Changed];
  transfer: [{ conversation: string; to: string; note?: string }, Changed];
  route: [{ conversation: string; team: string | null; note?: string }, Changed];
  return_to_queue: [{ conversation: string }, Changed];
  hand_back: [{ conversation: string }, Changed];
  close: [{ conversation: string }, Changed];
  reopen: [{ conversation: string }, Changed];
  label: [{ conversation: string; labels: readonly string[] }, Changed];
  allow: [{ conversation: string; call: string }, Changed];
  refuse: [{ conversation: string; call: string }, Changed];
  redact: [{ conversation: string; event: string }, Changed];
}

export type CommandName = keyof Commands;
export type Command = { [K in CommandName]: { id: number; do: K } & Commands[K][0] }[CommandName];

export type Reply =
  | { readonly id: number; readonly ok: unknown }
  | { readonly id: number; readonly error: WireError };

// Pushes

export interface EventPush {
  readonly push: "event";
  readonly conversation: string;
  readonly event: Event;
}

/** Some more of an answer; `offset` counts code points. */
export interface DeltaPush {
  readonly push: "delta";
  readonly conversation: string;
  readonly answer: string;
  readonly offset: number;
  readonly text: string;
}

/** All of an answer so far. */
export interface DraftPush {
  readonly push: "draft";
  readonly conversation: string;
  readonly answer: string;
  readonly text: string;
}

export interface PositionPush {
  readonly push: "position";
  readonly conversation: string;
  readonly seq: number;
}

export interface TypingPush {
  readonly push: "typing";
  readonly conversation: string;
  readonly author: Author;
}

/** All agents who have the conversation on screen, whoever gets this among them. */
export interface LookingPush {
  readonly push: "looking";
  readonly conversation: string;
  readonly agents: readonly Looker[];
}

/** What is known of the visitor of a conversation that an agent follows, and whether they have a page open. */
export interface ContextPush {
  readonly push: "context";
  readonly conversation: string;
  readonly visitor: string;
  readonly here: boolean;
  readonly context: Context | null;
  readonly details: readonly Detail[];
}

export interface ReadPush {
  readonly push: "read";
  readonly conversation: string;
  readonly role: Role;
  readonly seq: number;
}

/** An agent has another name, or came, left, went away or came back, and is now as told here. */
export interface ColleaguePush {
  readonly push: "colleague";
  readonly agent: Person;
  readonly away: boolean;
}

/** Who of the team is here has changed: `GET /api/agents` knows it now. */
export interface TeamPush {
  readonly push: "team";
}

export interface InboxPush {
  readonly push: "inbox";
  readonly name: string;
  readonly revision: number;
  readonly changed: readonly Summary[];
  readonly removed: readonly string[];
}

/** Some more of what an agent asked for by the command with the id `request`; only that connection gets it. The last one is `done`: it has all of the text again, with its sources, or the error that ended it. */
export interface SuggestionPush {
  readonly push: "suggestion";
  readonly conversation: string;
  readonly request: number;
  readonly offset: number;
  readonly text: string;
  readonly done: boolean;
  readonly sources: readonly Source[];
  readonly error: WireError | null;
}

export type Push =
  | EventPush
  | DeltaPush
  | DraftPush
  | PositionPush
  | TypingPush
  | LookingPush
  | ContextPush
  | ReadPush
  | ColleaguePush
  | TeamPush
  | InboxPush
  | SuggestionPush;

// Numbers

export const SUBPROTOCOL = "chat.v1";
export const VERSION = 1;

/** What the server grants; `welcome.limits` is what it grants now. */
export const LIMITS: Limits = {
  text: 8000,
  frame: 65536,
  following: 100,
  page: 100,
  typing_ms: 3000,
};

/** Why connections end. */
export const CLOSED_GOING_AWAY = 1001;
export const CLOSED_ABNORMAL = 1006;
export const CLOSED_POLICY = 1008;
export const CLOSED_TOO_LARGE = 1009;
export const CLOSED_RESTART = 1012;
export const CLOSED_TRY_LATER = 1013;
export const CLOSED_DRAIN = 4000;
export const CLOSED_SLOW = 4002;
export const CLOSED_POSITION_LOST = 4003;
export const CLOSED_NO_PONG = 4004;
export const CLOSED_TOKEN_EXPIRED = 4005;
export const CLOSED_SERVER_ERROR = 4006;
export const CLOSED_RATE = 4007;
export const CLOSED_BAD_TOKEN = 4500;
export const CLOSED_BAD_FRAME = 4501;
export const CLOSED_NO_HELLO = 4502;
export const CLOSED_BLOCKED = 4503;
export const CLOSED_TOO_MANY = 4504;
export const CLOSED_VERSION = 4505;
export const CLOSED_SITE_DISABLED = 4506;

/** After these nobody comes back by themselves. */
export const STAY_AWAY: ReadonlySet<number> = new Set([1008, 1009, 4500, 4501, 4502, 4503, 4504, 4505, 4506]);
