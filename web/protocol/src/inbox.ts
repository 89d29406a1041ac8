import type { AgentClient, Client, InboxSnapshot, InboxStore } from "./api";
import { createClient, type ClientOptions } from "./client";
import { Refused } from "./errors";
import type { InboxPage, InboxPush, Summary } from "./frames.gen";
import { Cell } from "./store";
import { Suggestions } from "./suggestions";

/** The live channel with the agents' part, which a visitor's page need not download. */
export function createAgentClient(options: ClientOptions): AgentClient {
  const client = createClient({
    ...options,
    onPush: (push) => {
      if (push.push === "inbox") inbox.push(push);
      else if (push.push === "suggestion") suggestions.push(push);
      // What was written with the words that are gone may repeat them.
      else if (push.push === "event" && push.event.kind === "redacted") suggestions.drop(push.conversation);
    },
  });
  const inbox = new Inbox(client);
  const suggestions = new Suggestions(client);
  client.connection.subscribe(() => {
    if (client.connection.getSnapshot().status === "ready") inbox.connected();
    else suggestions.lost();
  });
  return Object.assign(client, { inbox, suggestions });
}

type Filter = Readonly<Record<string, unknown>>;

/** The agents' list of conversations: a page, kept up to date by pushes; the latest word on each one wins. */
class Inbox implements InboxStore {
  readonly getSnapshot: () => InboxSnapshot;
  readonly subscribe: (listener: () => void) => () => void;
  readonly #cell = new Cell<InboxSnapshot>({ status: "loading", conversations: [] });
  readonly #client: Pick<Client, "command">;
  #filter: Filter | null = null;
  #revision = 0;

  constructor(client: Pick<Client, "command">) {
    this.#client = client;
    this.getSnapshot = this.#cell.getSnapshot;
    this.subscribe = this.#cell.subscribe;
  }

  follow(filter: Filter = {}): () => void {
    this.#filter = filter;
    this.connected();
    return () => {
      if (this.#filter !== filter) return;
      this.#filter = null;
      this.#cell.set({ status: "loading", conversations: [] });
      this.#client.command("unfollow_inbox", {}).catch(() => undefined);
    };
  }

  /** A new connection knows nothing of what was followed before. */
  connected(): void {
    const filter = this.#filter;
    if (filter === null) return;
    this.#client.command("follow_inbox", { filter }).then(
      (page) => {
        if (filter === this.#filter) this.#start(page);
      },
      (error: unknown) => {
        // Without a connection the next one asks again.
        if (!(error instanceof Refused)) throw error;
      },
    );
  }

  push({ revision, changed, removed }: InboxPush): void {
    if (this.#filter === null || this.#cell.getSnapshot().status === "loading" || revision <= this.#revision) return;
    this.#revision = revision;
    const gone = new Set([...removed, ...changed.map(({ conversation }) => conversation)]);
    const rest = this.#cell.getSnapshot().conversations.filter(({ conversation }) => !gone.has(conversation));
    this.#cell.set({ status: "ready", conversations: inOrder([...rest, ...changed]) });
  }

  #start({ revision, conversations }: InboxPage): void {
    this.#revision = revision;
    this.#cell.set({ status: "ready", conversations: inOrder(conversations) });
  }
}

/** Who waits comes first, longest first; then what waits to be allowed; then newest activity first. */
export function inOrder(conversations: readonly Summary[]): readonly Summary[] {
  return [...conversations].sort((a, b) => {
    const urgency = urgent(b) - urgent(a);
    if (urgency !== 0) return urgency;
    if (a.state.control === "pending") return compare(a.waiting_since ?? "", b.waiting_since ?? "");
    if (a.approval_until) return compare(a.approval_until, b.approval_until ?? "");
    return compare(b.at ?? "", a.at ?? "");
  });
}

function urgent({ state, approval_until }: Summary): number {
  if (state.control === "pending") return 2;
  return approval_until ? 1 : 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
