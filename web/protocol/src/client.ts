import type { Client, Connection, ConversationStore, Store, ThreadPush } from "./api";
import { systemClock, type Clock } from "./clock";
import { LIMITS } from "./frames.gen";
import type { Author, CommandName, Commands, Limits, Posted, Push, Welcome } from "./frames.gen";
import { Outbox, type Kept, type OutboxStorage } from "./outbox";
import { Socket, type SocketOptions, type Wire } from "./socket";
import { Cell } from "./store";
import { Thread, type ThreadOptions } from "./thread";

/** The lane of a visitor's one conversation, which may not exist yet. */
const CURRENT = "current";
/** How many conversations stay in memory after they were left, to be there at once when opened again. */
const REMEMBERED = 20;
/** Who writes before the server has said who we are. */
const NOBODY: Author = { role: "visitor", id: "", name: "" };

export interface ClientOptions {
  /** Of the live channel: `wss://…/live`. */
  readonly url: string;
  /**
   * `expired` is true when the last one was refused as too old. Throws `TokenRefused` if asking again is pointless,
   * `Refused` with `retryMs` if the server says when to.
   */
  readonly getToken: (expired: boolean) => Promise<string>;
  /** Name and version of the program. */
  readonly client: string;
  /** Where unacknowledged messages outlive the page; in memory unless told. */
  readonly storage?: OutboxStorage | undefined;
  readonly clock?: Clock;
  readonly connect?: (url: string, protocol: string) => Wire;
  /** Calls back when the network or the reader is back; returns how to stop that. */
  readonly onWake?: (wake: () => void) => () => void;
  /** Sees every push before we do; whether that was all, as it is for what is pushed to agents only. */
  readonly onPush?: (push: Push) => boolean;
}

/** Opens the live channel and keeps it open. */
export function createClient(options: ClientOptions): Client {
  return new LiveClient(options);
}

class LiveClient implements Client {
  readonly connection: Store<Connection>;
  readonly refusing: Store<boolean>;
  readonly you: Cell<Author | null> = new Cell<Author | null>(null);
  readonly limits: Cell<Limits> = new Cell<Limits>(LIMITS);
  readonly current: Thread;
  readonly #clock: Clock;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  /** By conversation; `users` is zero for those that are only remembered, the latest of them last. */
  readonly #threads = new Map<string, { readonly thread: Thread; users: number }>();
  readonly #onPush: ClientOptions["onPush"];
  readonly #stopListening: () => void;
  #ahead = 0;
  #broughtByWelcome: ReadonlySet<string> = new Set();

  constructor(options: ClientOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#socket = new Socket(this.#socketOptions(options));
    this.#outbox = new Outbox({
      clock: this.#clock,
      storage: options.storage,
      textLimit: () => this.limits.getSnapshot().text,
      send: (kept) => this.#send(kept),
    });
    this.#onPush = options.onPush;
    this.connection = this.#socket.state;
    this.refusing = this.#outbox.refusing;
    this.current = new Thread(null, this.#threadOptions(CURRENT));
    this.#socket.state.subscribe(() => {
      const ready = this.#socket.state.getSnapshot().status === "ready";
      this.#outbox.connected(ready);
      if (ready) this.#resume();
    });
    this.#stopListening = (options.onWake ?? listenForWake)(() => {
      this.#socket.wake();
    });
    this.#socket.start();
  }

  open(conversation: string): ConversationStore {
    const known = this.#threads.get(conversation);
    const entry = known ?? { thread: new Thread(conversation, this.#threadOptions(conversation)), users: 0 };
    this.#threads.delete(conversation);
    this.#threads.set(conversation, entry);
    entry.users += 1;
    if (entry.users === 1) entry.thread.opened();
    return entry.thread;
  }

  command<K extends CommandName>(name: K, fields: Commands[K][0]): Promise<Commands[K][1]> {
    return this.#socket.request(name, fields);
  }

  now(): number {
    return this.#clock.now() + this.#ahead;
  }

  reconnect(): void {
    this.#socket.restart();
  }

  close(): void {
    this.#stopListening();
    this.#socket.stop();
  }

  #socketOptions(options: ClientOptions): SocketOptions {
    return {
      url: options.url,
      client: options.client,
      getToken: options.getToken,
      clock: this.#clock,
      connect: options.connect ?? ((url, protocol) => new WebSocket(url, protocol) as Wire),
      following: () => this.#followed().flatMap((thread) => asList(thread.position())),
      onWelcome: (welcome) => {
        this.#welcomed(welcome);
      },
      onPush: (push) => {
        this.#route(push);
      },
    };
  }

  #threadOptions(lane: string): ThreadOptions {
    return {
      socket: this.#socket,
      outbox: this.#outbox,
      clock: this.#clock,
      you: () => this.you.getSnapshot() ?? NOBODY,
      lane,
      onRelease: (thread) => {
        this.#release(thread);
      },
    };
  }

  #followed(): Thread[] {
    const opened = [...this.#threads.values()].filter(({ users }) => users > 0);
    return [this.current, ...opened.map(({ thread }) => thread)];
  }

  #welcomed({ you, now, limits, current, following }: Welcome): void {
    this.#ahead = Date.parse(now) - this.#clock.now();
    this.you.set(you);
    this.limits.set(limits);
    this.#broughtByWelcome = new Set(following.map(({ conversation }) => conversation));
    const wanted = new Set(this.#followed().map(({ id }) => id));
    for (const followed of following) {
      if (wanted.has(followed.conversation)) this.#thread(followed.conversation)?.followed(followed);
      else this.#unfollow(followed.conversation); // It was left while the hello was on its way.
    }
    if (you.role !== "visitor") return;
    if (current === null) this.current.nothingYet();
    else this.current.become(current.conversation, false);
  }

  /** What the welcome did not bring. */
  #resume(): void {
    for (const thread of this.#followed()) {
      if (thread.id !== null && !this.#broughtByWelcome.has(thread.id)) void thread.follow();
      thread.connected();
    }
  }

  #route(push: Push): void {
    if (this.#onPush?.(push) === true) return;
    // A visitor's conversation may start on another tab, or with our own first message, before its acknowledgement.
    if (push.push === "event" && push.event.seq === 1 && this.you.getSnapshot()?.role === "visitor") {
      this.current.become(push.conversation, true);
    }
    const pushed = push as ThreadPush;
    this.#thread(pushed.conversation)?.push(pushed);
  }

  #thread(conversation: string): Thread | null {
    if (this.current.id === conversation) return this.current;
    return this.#threads.get(conversation)?.thread ?? null;
  }

  async #send(kept: Kept): Promise<{ readonly seq: number }> {
    const conversation = kept.lane === CURRENT ? this.#addressee(kept) : kept.lane;
    const fields = { ...kept.fields, key: kept.key, ...(conversation === null ? {} : { conversation }) };
    const reply = await this.#socket.request(kept.do, fields);
    if (kept.lane === CURRENT) this.#learn(reply);
    return reply;
  }

  /** Whether a closed conversation is taken up again or a new one begun is for the server to decide. */
  #addressee({ do: name }: Kept): string | null {
    const begins = name === "post" || name === "request_human" || name === "offer_call";
    return begins && this.current.getSnapshot().state.control === "closed" ? null : this.current.id;
  }

  #learn(reply: Partial<Posted>): void {
    if (reply.conversation === undefined) return;
    if (this.current.id !== reply.conversation) {
      this.current.become(reply.conversation, reply.repeated !== true);
      if (reply.repeated === true) void this.current.follow();
    }
    if (reply.log !== undefined) this.current.learnLog(reply.log);
  }

  #unfollow(conversation: string): void {
    this.#socket.request("unfollow", { conversation }).catch(() => undefined);
  }

  #release(thread: Thread): void {
    const entry = thread.id === null ? undefined : this.#threads.get(thread.id);
    if (entry === undefined || entry.users === 0) return;
    entry.users -= 1;
    if (entry.users > 0 || thread.id === null) return;
    thread.left();
    this.#unfollow(thread.id);
    const idle = [...this.#threads].filter(([, { users }]) => users === 0);
    for (const [id, forgotten] of idle.slice(0, -REMEMBERED)) {
      forgotten.thread.forget();
      this.#threads.delete(id);
    }
  }
}

function listenForWake(wake: () => void): () => void {
  const visible = (): void => {
    if (document.visibilityState === "visible") wake();
  };
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", visible);
  return () => {
    window.removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", visible);
  };
}

function asList<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}
