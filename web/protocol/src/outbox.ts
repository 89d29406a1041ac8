import type { KeyedCommand, Pending } from "./api";
import type { Clock } from "./clock";
import { Refused } from "./errors";
import { newKey } from "./keys";
import { Cell } from "./store";
import { checkText, type TextProblem } from "./text";

const KEYED: ReadonlySet<string> = new Set<KeyedCommand>([
  "post",
  "request_human",
  "withdraw_request",
  "offer_call",
  "leave_contact",
  "note",
]);

export function isKeyed(name: string): name is KeyedCommand {
  return KEYED.has(name);
}

/** How long what was left behind may keep new requests waiting, which go out after it. */
const LOADING_MS = 1000;

/** What is kept of a request until it is acknowledged; the shape that survives a reload. */
export interface Kept {
  readonly lane: string;
  readonly key: string;
  readonly do: KeyedCommand;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly at: string;
}

/** Where unacknowledged requests outlive the page. */
export interface OutboxStorage {
  /** Hands over what earlier pages left behind, and resolves when that was all. */
  load(found: (kept: readonly Kept[]) => void): Promise<void>;
  keep(kept: Kept): void;
  drop(key: string): void;
}

export interface OutboxOptions {
  readonly clock: Clock;
  /** In memory only where there is none. */
  readonly storage?: OutboxStorage | undefined;
  /** How many code points a text may have. */
  readonly textLimit: () => number;
  /** Sends one request now; rejects with `Refused`. */
  readonly send: (kept: Kept) => Promise<{ readonly seq: number }>;
}

type Entry = Pending & { readonly lane: string; readonly seq: number | null };

interface Promised {
  readonly resolve: (ok: unknown) => void;
  readonly reject: (error: Refused) => void;
}

/**
 * Requests on their way. Each has a key for life and stays until the server has acknowledged it, whatever
 * happens to the connection: sent again under its key, it still happens once.
 *
 * One request is in flight per lane (a conversation), which keeps their order.
 */
export class Outbox {
  readonly entries = new Cell<readonly Entry[]>([]);
  readonly #options: OutboxOptions;
  readonly #inFlight = new Set<string>();
  readonly #promised = new Map<string, Promised>();
  #online = false;
  #loading = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    const { storage, clock } = options;
    if (storage === undefined) return;
    this.#loading = true;
    const loaded = (): void => {
      this.#loading = false;
      this.#pump();
    };
    clock.after(LOADING_MS, loaded);
    void storage.load((kept) => this.#found(kept)).then(loaded);
  }

  /** Queues a request, unless it is hopeless; resolves with its reply, rejects when it is refused. */
  add(lane: string, name: KeyedCommand, fields: Readonly<Record<string, unknown>>): Promise<unknown> {
    const hopeless = typeof fields.text === "string" ? checkText(fields.text, this.#options.textLimit()) : null;
    if (hopeless !== null) return neverSent(hopeless);
    const now = this.#options.clock.now();
    const kept = { lane, key: newKey(now), do: name, fields, at: new Date(now).toISOString() };
    const settled = new Promise<unknown>((resolve, reject) => {
      this.#promised.set(kept.key, { resolve, reject });
    });
    // A refusal shows in the entry too, so nobody has to wait for this promise.
    settled.catch(() => undefined);
    this.#options.storage?.keep(kept);
    this.entries.set([...this.entries.getSnapshot(), asEntry(kept)]);
    this.#pump();
    return settled;
  }

  /** A refused request is tried again, under its old key. */
  retry(key: string): void {
    this.#update(key, { status: "sending", error: null });
    this.#pump();
  }

  /** A refused request is given up. */
  discard(key: string): void {
    const refused = this.entries.getSnapshot().some((entry) => entry.key === key && entry.status === "refused");
    if (refused) this.#remove(key);
  }

  /** Acknowledged requests of `lane` that the log shows up to `seq` need no echo any more. */
  settle(lane: string, seq: number): void {
    const rest = this.entries
      .getSnapshot()
      .filter((entry) => entry.lane !== lane || entry.seq === null || entry.seq > seq);
    if (rest.length < this.entries.getSnapshot().length) this.entries.set(rest);
  }

  /** Tells whether requests can be sent; whatever waits goes out at once. */
  connected(online: boolean): void {
    this.#online = online;
    if (online) this.#pump();
  }

  /** What was said earlier goes out first. */
  #found(kept: readonly Kept[]): void {
    const ours = this.entries.getSnapshot();
    const known = new Set(ours.map(({ key }) => key));
    this.entries.set([...kept.filter(({ key }) => !known.has(key)).map(asEntry), ...ours]);
    this.#pump();
  }

  #pump(): void {
    if (!this.#online || this.#loading) return;
    for (const entry of this.entries.getSnapshot()) {
      if (entry.status !== "sending" || this.#inFlight.has(entry.lane)) continue;
      this.#inFlight.add(entry.lane);
      void this.#send(entry);
    }
  }

  async #send(entry: Entry): Promise<void> {
    try {
      const reply = await this.#options.send(entry);
      this.#inFlight.delete(entry.lane);
      this.#acknowledged(entry, reply);
    } catch (error) {
      this.#failed(entry, error instanceof Refused ? error : new Refused("internal", String(error)));
    }
    this.#pump();
  }

  #acknowledged(entry: Entry, reply: { readonly seq: number }): void {
    // A message keeps its echo until its event is here; nothing else has one.
    if (entry.do === "post") {
      this.#options.storage?.drop(entry.key);
      this.#update(entry.key, { status: "sent", seq: reply.seq });
    } else {
      this.#remove(entry.key);
    }
    this.#promised.get(entry.key)?.resolve(reply);
    this.#promised.delete(entry.key);
  }

  #failed(entry: Entry, error: Refused): void {
    if (error.code === "offline" || error.code === "lost") {
      // No refusal: nobody knows whether it arrived, so it goes out again with the next connection.
      this.#inFlight.delete(entry.lane);
      this.#online = false;
    } else if (error.retryMs !== null) {
      // The lane stays taken meanwhile, for order.
      this.#options.clock.after(error.retryMs, () => {
        this.#inFlight.delete(entry.lane);
        this.#pump();
      });
    } else {
      this.#inFlight.delete(entry.lane);
      if (entry.do === "post") this.#update(entry.key, { status: "refused", error });
      else this.#remove(entry.key);
      this.#promised.get(entry.key)?.reject(error);
      this.#promised.delete(entry.key);
    }
  }

  #update(key: string, change: Partial<Pick<Entry, "status" | "error" | "seq">>): void {
    this.entries.set(this.entries.getSnapshot().map((entry) => (entry.key === key ? { ...entry, ...change } : entry)));
  }

  #remove(key: string): void {
    this.#options.storage?.drop(key);
    this.entries.set(this.entries.getSnapshot().filter((entry) => entry.key !== key));
  }
}

function neverSent(problem: TextProblem): Promise<never> {
  const refusal =
    problem === "empty" ? new Refused("bad_request", "There is nothing to send.") : new Refused("too_large", "The message is too long.");
  const refused = Promise.reject(refusal);
  refused.catch(() => undefined);
  return refused;
}

function asEntry(kept: Kept): Entry {
  const text = typeof kept.fields.text === "string" ? kept.fields.text : "";
  return { ...kept, text, status: "sending", error: null, seq: null };
}
