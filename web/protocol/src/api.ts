import type {
  Author,
  Changed,
  ColleaguePush,
  CommandName,
  Commands,
  ContextPush,
  Draft,
  Event,
  Limits,
  Looker,
  Offer,
  Posted,
  Push,
  Role,
  State,
  SuggestionPush,
  Summary,
  TeamPush,
  Writing,
} from "./frames.gen";
import type { Refused } from "./errors";

/**
 * Something to watch: `subscribe` is told that it changed, `getSnapshot` says what it is now.
 *
 * Snapshots are never changed in place, so both functions can be given to `useSyncExternalStore` as they are.
 */
export interface Store<T> {
  readonly getSnapshot: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

/** How the connection is. `waiting` reconnects by itself at `retryAt` (ms, epoch); `stopped` never does. */
export type Connection =
  | { readonly status: "connecting" }
  | { readonly status: "ready" }
  | { readonly status: "waiting"; readonly retryAt: number }
  | { readonly status: "stopped"; readonly code: number };

/** A request of ours that waits for its acknowledgement, or was refused. Only a `post` shows as a bubble. */
export interface Pending {
  readonly key: string;
  readonly do: KeyedCommand;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly at: string;
  readonly status: "sending" | "sent" | "refused";
  /** Why it was refused. */
  readonly error: Refused | null;
  /** Another page of this reader sends it, as long as it lives. */
  readonly elsewhere: boolean;
}

/** Commands that carry a key: kept until acknowledged, sent again after a reconnect, carried out once. */
export type KeyedCommand = "post" | "request_human" | "withdraw_request" | "offer_call" | "leave_contact" | "note";

/** One thing in the conversation as a reader sees it, in reading order. `id` is stable across an item's life. */
export type Item = ItemOf &
  Readonly<{
    id: string;
    /** Null for what the server has not acknowledged yet. */
    seq: number | null;
    at: string;
    author: Author;
  }>;

type ItemOf =
  | Readonly<{
      kind: "message";
      text: string;
      /** The event it is about, for `redact`; null before it is stored. */
      event: string | null;
      offers: readonly Offer[];
      status: "sending" | "sent" | "refused";
      /** The key of our own message that waits or was refused, for `retry` and `discard`. */
      key: string | null;
      error: Refused | null;
      redacted: boolean;
    }>
  | Readonly<{
      /** An answer stands where it started; `outcome` is null while it is being written. */
      kind: "answer";
      answer: string;
      event: string | null;
      text: string;
      outcome: Exclude<Extract<Event, { kind: "answer_finished" }>["outcome"], "superseded"> | null;
      sources: Extract<Event, { kind: "answer_finished" }>["sources"];
      redacted: boolean;
    }>
  | Readonly<{ kind: "note"; text: string; event: string; redacted: boolean }>
  | Readonly<{ kind: "call"; url: string }>
  | Readonly<{ kind: "contact"; name: string; email: string; redacted: boolean }>
  | Readonly<{ kind: "rating"; score: number; text: string; redacted: boolean }>
  | Readonly<{ kind: "handover"; reason: string; summary: string; redacted: boolean }>
  | Readonly<{ kind: "change"; change: ChangeEvent }>;

/** Changes of control. The words a visitor reads about one follow it as a message by `system`. */
export type ChangeEvent = Extract<
  Event,
  {
    kind:
      | "human_requested"
      | "request_withdrawn"
      | "claimed"
      | "transferred"
      | "returned_to_queue"
      | "handed_back"
      | "closed"
      | "reopened";
  }
>;

/** What is pushed to visitors and agents alike. */
export type ThreadPush = Exclude<Push, { push: "inbox" | "suggestion" | "looking" | "context" | "colleague" | "team" }>;

export interface ConversationSnapshot {
  /** Null for a visitor who has not said anything yet. */
  readonly id: string | null;
  /** `loading` until the first snapshot; `missing` if there is no such conversation (any more) for us. */
  readonly status: "loading" | "ready" | "missing";
  /** Who is in charge; from events too, so never behind what `items` shows. */
  readonly state: State;
  readonly items: readonly Item[];
  /** The raw log as far as it is loaded, ascending, without gaps. */
  readonly events: readonly Event[];
  /** The seq of the last event. */
  readonly last: number;
  readonly draft: Draft | null;
  readonly typing: readonly Author[];
  /** Up to which seq each side has read. */
  readonly read: Readonly<Partial<Record<Role, number>>>;
  readonly pending: readonly Pending[];
  /** There is more above; ask with `earlier()`. */
  readonly hasEarlier: boolean;
  readonly loadingEarlier: boolean;
}

export interface ConversationStore extends Store<ConversationSnapshot> {
  /**
   * Queues a message; resolves when stored, rejects only when refused (it then stays visible as `refused`). What is
   * empty or longer than `limits` allows is not even queued.
   */
  post(text: string): Promise<Posted>;
  /** Sends a refused message again, under its old key. */
  retry(key: string): void;
  /** Forgets a refused message. */
  discard(key: string): void;
  /**
   * Any command of this conversation; `conversation` and `key` are filled in.
   *
   * Rejects with `Refused`; keyed commands wait for a connection, others are refused with code `offline`.
   */
  command<K extends ConversationCommand>(
    name: K,
    fields?: Omit<Commands[K][0], "conversation" | "key">,
  ): Promise<Commands[K][1]>;
  /** Says that we are typing; call it on each keystroke, it is sent at most every 3 s. */
  typing(): void;
  /** Marks everything so far as read. */
  markRead(): void;
  /** Loads older events. */
  earlier(): Promise<void>;
  /** Ends one `open`; the last one unfollows. */
  release(): void;
}

export type ConversationCommand = {
  [K in CommandName]: Commands[K][1] extends Changed ? K : never;
}[CommandName];

export interface InboxSnapshot {
  readonly status: "loading" | "ready";
  /** Who waits comes first, longest first; then newest activity first. */
  readonly conversations: readonly Summary[];
  /** Whether there are older ones, to be had by `more`. */
  readonly more: boolean;
}

export interface InboxStore extends Store<InboxSnapshot> {
  /** Starts following (and goes on after reconnects); returns the end of it. */
  follow(filter?: Readonly<Record<string, unknown>>): () => void;
  /** Asks for the next page, unless one is on its way. */
  more(): void;
}

export interface Client {
  readonly connection: Store<Connection>;
  /** The server can be reached and can store nothing for the moment; what was written goes out when it can. */
  readonly refusing: Store<boolean>;
  /** Who we are; null before the first welcome. */
  readonly you: Store<Author | null>;
  /** What the server grants; before the first welcome, what it usually does. */
  readonly limits: Store<Limits>;
  /** The visitor's conversation, also before there is one. Agents use `open`. */
  readonly current: ConversationStore;
  open(conversation: string): ConversationStore;
  /** A command that belongs to no store. Rejects with `Refused`. */
  command<K extends CommandName>(name: K, fields: Commands[K][0]): Promise<Commands[K][1]>;
  /** The server's clock, in ms since the epoch. */
  now(): number;
  /** Tries again at once, also after `stopped` (say, after signing in again). */
  reconnect(): void;
  /** Hangs up for good. */
  close(): void;
}

/** What the assistant writes for an agent in one conversation. Nobody else sees it, and nothing sends it. */
export interface Suggestion {
  /** A reply of its own, or the agent's words in another way. */
  readonly what: "reply" | Commands["rewrite"][0]["how"];
  readonly status: "writing" | "done" | "failed";
  readonly text: string;
  readonly sources: SuggestionPush["sources"];
  /** Why it failed. */
  readonly error: Refused | null;
}

export interface SuggestionsStore {
  /** What is or was written for this conversation; null if nothing was, or it was dropped. */
  of(conversation: string): Store<Suggestion | null>;
  /** Has a reply written, in place of what there is. */
  suggest(conversation: string): void;
  /** Has the agent's words written in another way, in place of what there is. */
  rewrite(conversation: string, text: string, how: Commands["rewrite"][0]["how"]): void;
  drop(conversation: string): void;
}

/** Who of the team is at a conversation. A visitor is told nothing of it, and nothing of it is stored. */
export interface LookingStore {
  /** Colleagues who have it on screen at this moment, each once; without ourselves. Known while we `look`. */
  at(conversation: string): Store<readonly Looker[]>;
  /** Tells colleagues that we have it on screen, which must be `open`, and what we write there. */
  look(conversation: string, writing: Writing | null): void;
  lookAway(conversation: string): void;
}

/** Who the visitor of a conversation is, and where: as told of those that are `open`. */
export interface ContextsStore {
  /** The latest that was told; null if nothing was. Without a connection nobody is said to be here. */
  at(conversation: string): Store<ContextPush | null>;
}

export interface AgentClient extends Client {
  /** The latest that was told of one of the team, or of who is here; what was told without a connection has to be asked for. */
  readonly colleague: Store<ColleaguePush | TeamPush | null>;
  /** The list of this name, which is made when it is first asked for. */
  inbox(name: string): InboxStore;
  readonly suggestions: SuggestionsStore;
  readonly looking: LookingStore;
  readonly contexts: ContextsStore;
}
