import type { AgentClient, Client, InboxSnapshot, InboxStore } from "./api";
import { createClient, type ClientOptions } from "./client";
import { Contexts } from "./contexts";
import { Refused } from "./errors";
import type { ColleaguePush, InboxPage, InboxPush, Summary, TeamPush } from "./frames.gen";
import { Looking } from "./looking";
import { Cell } from "./store";
import { Suggestions } from "./suggestions";

/** The live channel with the agents' part, which a visitor's page need not download. */
export function createAgentClient(options: ClientOptions): AgentClient {
  const client = createClient({
    ...options,
    onPush: (push) => {
      if (push.push === "inbox") lists.get(push.name)?.push(push);
      else if (push.push === "suggestion") suggestions.push(push);
      else if (push.push === "looking") looking.push(push);
      else if (push.push === "context") contexts.push(push);
      else if (push.push === "colleague" || push.push === "team") colleague.set(push);
      else {
        // What was written with the words that are gone may repeat them.
        if (push.push === "event" && push.event.kind === "redacted") suggestions.drop(push.conversation);
        return false;
      }
      return true;
    },
  });
  const lists = new Map<string, Inbox>();
  const suggestions = new Suggestions(client);
  const colleague = new Cell<ColleaguePush | TeamPush | null>(null);
  const looking = new Looking(client, () => client.you.getSnapshot());
  const contexts = new Contexts();
  client.connection.subscribe(() => {
    if (client.connection.getSnapshot().status === "ready") {
      for (const list of lists.values()) list.connected();
      looking.connected();
    } else {
      contexts.lost();
      suggestions.lost();
      looking.lost();
    }
  });
  const inbox = (name: string): Inbox => {
    const list = lists.get(name) ?? new Inbox(client, name);
    lists.set(name, list);
    return list;
  };
  return Object.assign(client, { inbox, suggestions, looking, contexts, colleague });
}

type Filter = Readonly<Record<string, unknown>>;

const NOTHING: InboxSnapshot = { status: "loading", conversations: [], more: false };

/** One list of conversations: its pages, kept up to date by pushes; the latest word on each one wins. */
class Inbox implements InboxStore {
  readonly getSnapshot: () => InboxSnapshot;
  readonly subscribe: (listener: () => void) => () => void;
  readonly #cell = new Cell<InboxSnapshot>(NOTHING);
  readonly #client: Pick<Client, "command">;
  readonly #name: string;
  #filter: Filter | null = null;
  /** Null until the first page is here. */
  #rows: readonly Summary[] | null = null;
  #revision = 0;
  #next: string | null = null;
  #asking = false;
  /** As many were shown before the connection broke; nobody who had scrolled down is thrown back to the top. */
  #before = 0;

  constructor(client: Pick<Client, "command">, name: string) {
    this.#client = client;
    this.#name = name;
    this.getSnapshot = this.#cell.getSnapshot;
    this.subscribe = this.#cell.subscribe;
  }

  follow(filter: Filter = {}): () => void {
    this.#filter = filter;
    this.connected();
    return () => {
      if (this.#filter !== filter) return;
      this.#filter = null;
      this.#before = 0;
      this.#rows = null;
      this.#cell.set(NOTHING);
      this.#client.command("unfollow_inbox", { name: this.#name }).catch(() => undefined);
    };
  }

  more(): void {
    const cursor = this.#next;
    if (cursor === null || this.#asking) return;
    this.#asking = true;
    this.#ask(this.#client.command("more_inbox", { name: this.#name, cursor }));
  }

  /** A new connection knows nothing of what was followed before. */
  connected(): void {
    const filter = this.#filter;
    if (filter === null) return;
    this.#before = this.getSnapshot().conversations.length;
    this.#rows = null;
    this.#asking = true;
    this.#ask(this.#client.command("follow_inbox", { name: this.#name, filter }));
  }

  push({ revision, changed, removed }: InboxPush): void {
    if (this.#filter === null || this.#rows === null || revision <= this.#revision) return;
    this.#revision = revision;
    this.#learn(changed, removed);
  }

  #ask(asked: Promise<InboxPage>): void {
    const filter = this.#filter;
    asked.then(
      (page) => {
        if (filter === this.#filter) this.#turn(page);
      },
      (error: unknown) => {
        if (filter === this.#filter) this.#asking = false;
        // Without a connection the next one asks again.
        if (!(error instanceof Refused)) throw error;
      },
    );
  }

  #turn({ revision, conversations, next }: InboxPage): void {
    this.#revision = revision;
    this.#next = next;
    this.#asking = false;
    this.#rows ??= [];
    this.#learn(conversations, []);
    if (this.#rows.length < this.#before) this.more();
  }

  #learn(changed: readonly Summary[], removed: readonly string[]): void {
    const gone = new Set([...removed, ...changed.map(({ conversation }) => conversation)]);
    const rest = (this.#rows ?? []).filter(({ conversation }) => !gone.has(conversation));
    this.#rows = merged(rest, inOrder(changed));
    if (this.#rows.length < this.#before && this.#next !== null) return;
    this.#before = 0;
    this.#cell.set({ status: "ready", conversations: this.#rows, more: this.#next !== null });
  }
}

/** Who waits comes first, longest first; then what waits to be allowed; then newest activity first. */
export function inOrder(conversations: readonly Summary[]): readonly Summary[] {
  return [...conversations].sort(before);
}

/** Two lists that are in order, as one: news of a few costs no sorting of ten thousand. */
function merged(a: readonly Summary[], b: readonly Summary[]): readonly Summary[] {
  const both: Summary[] = [];
  let at = 0;
  for (const row of a) {
    for (let other = b[at]; other && before(other, row) < 0; other = b[at]) {
      both.push(other);
      at += 1;
    }
    both.push(row);
  }
  return both.concat(b.slice(at));
}

function before(a: Summary, b: Summary): number {
  const urgency = urgent(b) - urgent(a);
  if (urgency !== 0) return urgency;
  if (a.state.control === "pending") return compare(a.waiting_since ?? "", b.waiting_since ?? "");
  if (a.approval_until) return compare(a.approval_until, b.approval_until ?? "");
  return compare(b.at ?? "", a.at ?? "");
}

function urgent({ state, approval_until }: Summary): number {
  if (state.control === "pending") return 2;
  return approval_until ? 1 : 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
