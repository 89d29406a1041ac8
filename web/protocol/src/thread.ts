import type { ConversationCommand, ConversationSnapshot, ConversationStore, Item, ThreadPush } from "./api";
import { Asking } from "./asking";
import type { Clock } from "./clock";
import * as fold from "./conversation";
import { Refused } from "./errors";
import type { Author, Commands, Event, Followed, Position, Posted } from "./frames.gen";
import { itemsOf, withLive } from "./items";
import { isKeyed, type Outbox } from "./outbox";
import type { Socket } from "./socket";
import { Cell } from "./store";

const TYPING_EVERY_MS = 3000;
const ASK_AGAIN_MS = 2000;
const PAGE = 100;

export interface ThreadOptions {
  readonly socket: Pick<Socket, "request">;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly you: () => Author;
  /** The outbox's lane: the conversation, or what stands for it while there is none. */
  readonly lane: string;
  readonly onRelease: (thread: Thread) => void;
}

/** A conversation that is being followed: the fold, kept whole by asking for whatever is missing. */
export class Thread implements ConversationStore {
  id: string | null;
  /** Ends the thread's interest in the outbox. */
  readonly forget: () => void;
  readonly getSnapshot: () => ConversationSnapshot;
  readonly subscribe: (listener: () => void) => () => void;
  readonly #options: ThreadOptions;
  readonly #cell: Cell<ConversationSnapshot>;
  /** For what is missing at the end. */
  readonly #asking: Asking<"follow" | "history">;
  /** For what is further up. */
  readonly #earlier: Asking<"history">;
  #view = fold.EMPTY;
  #status: ConversationSnapshot["status"] = "loading";
  #items: { readonly of: readonly Event[]; readonly items: readonly Item[] } = { of: [], items: [] };
  #top = 0;
  #left = false;
  #typedAt = 0;
  #readWanted = 0;
  #readSent = 0;

  constructor(id: string | null, options: ThreadOptions) {
    this.id = id;
    this.#options = options;
    this.#asking = new Asking(options.clock);
    this.#earlier = new Asking(options.clock);
    this.#cell = new Cell(this.#snapshot());
    this.getSnapshot = this.#cell.getSnapshot;
    this.subscribe = this.#cell.subscribe;
    this.forget = options.outbox.entries.subscribe(() => {
      // An event may be here before its acknowledgement.
      options.outbox.settle(options.lane, this.#view.last);
      this.#changed();
    });
  }

  // What a reader does

  post(text: string): Promise<Posted> {
    return this.#options.outbox.add(this.#options.lane, "post", { text: text.trim() }) as Promise<Posted>;
  }

  retry(key: string): void {
    this.#options.outbox.retry(key);
  }

  discard(key: string): void {
    this.#options.outbox.discard(key);
  }

  async command<K extends ConversationCommand>(
    name: K,
    fields?: Omit<Commands[K][0], "conversation" | "key">,
  ): Promise<Commands[K][1]> {
    const { outbox, socket, lane } = this.#options;
    if (isKeyed(name)) return outbox.add(lane, name, { ...fields }) as Promise<Commands[K][1]>;
    if (this.id === null) throw new Refused("not_found", "There is no conversation yet.");
    return socket.request(name, { ...fields, conversation: this.id });
  }

  typing(): void {
    const now = this.#options.clock.now();
    if (this.id === null || now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#options.socket.request("typing", { conversation: this.id }).catch(() => undefined);
  }

  markRead(): void {
    this.#readWanted = this.#view.last;
    this.#sendRead();
  }

  async earlier(): Promise<void> {
    const { before } = this.#view;
    if (this.id === null || before === null || this.#earlier.name !== null) return;
    const fields = { conversation: this.id, before, limit: PAGE };
    const asked = this.#earlier.ask("history", () => this.#options.socket.request("history", fields));
    this.#changed();
    try {
      const page = await asked;
      if (page === null || before !== this.#view.before) return;
      this.#view = fold.prepended(this.#view, page.events, page.before);
    } catch (error) {
      this.#refused(error);
    } finally {
      this.#changed();
    }
  }

  release(): void {
    this.#options.onRelease(this);
  }

  // What the connection brings

  /** Where to go on from after a reconnect; null while there is nothing to follow. */
  position(): Position | null {
    if (this.id === null) return null;
    const { log, last, events } = this.#view;
    // Another server may know what was unknown to this one: a snapshot has it in its place.
    const isAfresh = log === null || last === 0 || events.some(({ kind }) => kind === "unknown");
    return isAfresh ? { conversation: this.id } : { conversation: this.id, log, seq: last };
  }

  /** From now on this is the conversation `id`, of which nothing is known yet; `isNew` if there is nothing to know. */
  become(id: string | null, isNew: boolean): void {
    if (id === this.id) return;
    this.id = id;
    this.#asking.drop();
    this.#earlier.drop();
    this.#view = fold.EMPTY;
    this.#top = this.#readWanted = this.#readSent = 0;
    this.#options.outbox.settle(this.#options.lane, Infinity);
    this.#status = isNew ? "ready" : "loading";
    this.#changed();
  }

  /** There is no conversation, and we know it. One that the server has no longer, after a restore, is none. */
  nothingYet(): void {
    if (this.#status === "missing") this.become(null, true);
    else if (this.id === null) this.#status = "ready";
    this.#changed();
  }

  connected(): void {
    this.#sendRead();
  }

  opened(): void {
    this.#left = false;
    void this.follow();
  }

  /** Not followed any more: whatever is still on its way was for a reader who is gone, and nothing else is asked. */
  left(): void {
    this.#left = true;
    this.#asking.drop();
    this.#earlier.drop();
    this.#changed();
  }

  /** Asks for everything after what is here, and to be kept up to date. */
  async follow(): Promise<void> {
    const conversation = this.id;
    if (this.#left || conversation === null || this.#asking.name === "follow") return;
    const send = () => this.#options.socket.request("follow", this.position() ?? { conversation });
    try {
      const reply = await this.#asking.ask("follow", send);
      if (reply !== null) this.followed(reply);
    } catch (error) {
      this.#refused(error);
    }
  }

  /** The answer to a follow, or a part of the welcome; either has all that anybody could still be asking for. */
  followed(reply: Followed): void {
    this.#asking.drop();
    if ("error" in reply) {
      this.#refused(Refused.from(reply.error));
      return;
    }
    this.#status = "ready";
    this.#top = Math.max(reply.mode === "snapshot" ? 0 : this.#top, reply.top);
    this.#take(fold.followed(this.#view, reply));
  }

  /** The log's id, as an acknowledgement tells it: with it a reconnect can go on from the last event. */
  learnLog(log: string): void {
    if (this.#view.log === null) this.#view = { ...this.#view, log };
  }

  push(push: ThreadPush): void {
    const { clock } = this.#options;
    switch (push.push) {
      case "event":
        this.#take(fold.received(this.#view, push.event));
        break;
      case "position":
        this.#top = Math.max(this.#top, push.seq);
        this.#take(fold.positioned(this.#view, push.seq));
        break;
      case "delta":
        this.#take(fold.extended(this.#view, push));
        break;
      case "draft":
        this.#take({ view: fold.drafted(this.#view, push), ask: null });
        break;
      case "typing":
        if (push.author.id === this.#options.you().id) break;
        this.#take({ view: fold.typed(this.#view, push, clock.now()), ask: null });
        clock.after(fold.TYPING_SHOWN_MS, () => {
          this.#take({ view: fold.rested(this.#view, clock.now()), ask: null });
        });
        break;
      case "read":
        this.#take({ view: fold.seen(this.#view, push.role, push.seq), ask: null });
        break;
    }
  }

  // Inside

  #take({ view, ask }: fold.Step): void {
    this.#view = view;
    this.#options.outbox.settle(this.#options.lane, view.last);
    this.#changed();
    if (this.#left || this.#status === "loading" || ask === null) return;
    if (ask.ask === "follow") void this.follow();
    else void this.#fill(ask.after, Math.max(ask.until, this.#view.held.length > 0 ? 0 : this.#top));
  }

  async #fill(after: number, until: number): Promise<void> {
    if (this.id === null || this.#asking.name !== null) return;
    const fields = { conversation: this.id, after, until, limit: PAGE };
    try {
      const page = await this.#asking.ask("history", () => this.#options.socket.request("history", fields));
      if (page === null) return;
      // A page may not reach all the way; an empty one never will, so the whole view is asked for instead.
      if (page.events.length === 0) await this.follow();
      else {
        this.#take(fold.filled(this.#view, page.events));
        if (this.#view.last < until) await this.#fill(this.#view.last, until);
      }
    } catch (error) {
      this.#refused(error);
    }
  }

  #refused(error: unknown): void {
    if (!(error instanceof Refused)) throw error;
    // With the next connection everything is asked for again anyway.
    if (error.code === "lost" || error.code === "offline") return;
    if (error.code === "not_found" || error.code === "forbidden") {
      this.#status = "missing";
      this.#changed();
    } else {
      this.#asking.later("follow", error.retryMs ?? ASK_AGAIN_MS, () => void this.follow());
    }
  }

  #sendRead(): void {
    if (this.id === null || this.#readWanted <= this.#readSent) return;
    const seq = this.#readWanted;
    this.#options.socket.request("read", { conversation: this.id, seq }).then(
      () => (this.#readSent = Math.max(this.#readSent, seq)),
      () => undefined,
    );
  }

  #changed(): void {
    this.#cell.set(this.#snapshot());
  }

  #snapshot(): ConversationSnapshot {
    const { state, events, last, draft, before, read, typing } = this.#view;
    const { outbox, lane, you } = this.#options;
    if (this.#items.of !== events) this.#items = { of: events, items: itemsOf(events) };
    const pending = outbox.entries.getSnapshot().filter((entry) => entry.lane === lane);
    return {
      id: this.id,
      status: this.#status,
      state,
      events,
      last,
      draft,
      read,
      pending,
      items: withLive(this.#items.items, draft, pending, you()),
      typing: typing.map(({ author }) => author),
      hasEarlier: before !== null,
      loadingEarlier: this.#earlier.name !== null,
    };
  }
}
