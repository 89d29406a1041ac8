import type { KeyedCommand, Pending } from "./api";
import type { Clock } from "./clock";
import { Refused, type RefusalCode } from "./errors";
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
  /** Why the server refused it, if it did: it is not sent again unasked. */
  readonly refusal?: { readonly code: RefusalCode; readonly message: string } | undefined;
}

/** What a storage that several pages share has to tell one of them. */
export interface StorageListener {
  /** What pages that are gone have left is ours from now on. */
  found(kept: readonly Kept[]): void;
  /** All that other pages have, which they send themselves. */
  elsewhere(kept: readonly Kept[]): void;
  /** Another page is done with a request. `seq` is its place in the log, null if it was given up or shows nowhere. */
  settled(key: string, seq: number | null): void;
}

/** Where unacknowledged requests outlive the page. */
export interface OutboxStorage {
  /** Resolves when everything that earlier pages left behind was found. */
  load(listener: StorageListener): Promise<void>;
  /** Keeps a request as this page's own, also one that was another's. */
  keep(kept: Kept): void;
  drop(key: string, seq: number | null): void;
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
export class Outbox implements StorageListener {
  readonly entries = new Cell<readonly Entry[]>([]);
  /** The server answers, and stores nothing for the moment. */
  readonly refusing = new Cell(false);
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
    void storage.load(this).then(loaded);
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
    this.entries.set([...this.entries.getSnapshot(), asEntry(kept, false)]);
    this.#pump();
    return settled;
  }

  /** A refused request is tried again, under its old key; from here, wherever it was said. */
  retry(key: string): void {
    const entry = this.#entry(key);
    if (entry?.status !== "refused") return;
    this.#options.storage?.keep(asKept(entry));
    this.#update(key, { status: "sending", error: null, elsewhere: false });
    this.#pump();
  }

  /** A refused request is given up. */
  discard(key: string): void {
    if (this.#entry(key)?.status === "refused") this.#remove(key);
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

  // What the storage tells

  found(kept: readonly Kept[]): void {
    const ours = new Set(kept.map(({ key }) => key));
    this.#merge(kept, false, ({ key, elsewhere }) => !elsewhere || !ours.has(key));
    this.#pump();
  }

  elsewhere(kept: readonly Kept[]): void {
    const theirs = new Set(kept.map(({ key }) => key));
    this.#merge(kept, true, ({ key, elsewhere, status }) =>
      // An acknowledged one stays until the log shows it. One that was refused here may be tried again there.
      elsewhere ? status === "sent" : status !== "refused" || !theirs.has(key),
    );
  }

  settled(key: string, seq: number | null): void {
    const entry = this.#entry(key);
    // If it is on its way from here too, its own answer counts.
    if (entry === undefined || (!entry.elsewhere && entry.status === "sending")) return;
    if (seq === null) this.entries.set(this.entries.getSnapshot().filter((each) => each !== entry));
    else this.#update(key, { status: "sent", error: null, seq });
  }

  // Inside

  /** What is known counts, not what is stored of it. What was said earlier stands, and goes out, first. */
  #merge(kept: readonly Kept[], elsewhere: boolean, isKnown: (entry: Entry) => boolean): void {
    const known = this.entries.getSnapshot().filter(isKnown);
    const keys = new Set(known.map(({ key }) => key));
    const fresh = kept.filter(({ key }) => !keys.has(key)).map((each) => asEntry(each, elsewhere));
    this.entries.set([...fresh, ...known].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at))));
  }

  #pump(): void {
    if (!this.#online || this.#loading) return;
    for (const entry of this.entries.getSnapshot()) {
      if (entry.elsewhere || entry.status !== "sending" || this.#inFlight.has(entry.lane)) continue;
      this.#inFlight.add(entry.lane);
      void this.#send(entry);
    }
  }

  async #send(entry: Entry): Promise<void> {
    try {
      const reply = await this.#options.send(entry);
      this.refusing.set(false);
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
      this.#options.storage?.drop(entry.key, reply.seq);
      this.#update(entry.key, { status: "sent", seq: reply.seq });
    } else {
      this.#remove(entry.key);
    }
    this.#promised.get(entry.key)?.resolve(reply);
    this.#promised.delete(entry.key);
  }

  #failed(entry: Entry, error: Refused): void {
    this.refusing.set(error.code === "busy");
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
      if (entry.do === "post") {
        this.#options.storage?.keep({ ...asKept(entry), refusal: { code: error.code, message: error.message } });
        this.#update(entry.key, { status: "refused", error });
      } else this.#remove(entry.key);
      this.#promised.get(entry.key)?.reject(error);
      this.#promised.delete(entry.key);
    }
  }

  #entry(key: string): Entry | undefined {
    return this.entries.getSnapshot().find((entry) => entry.key === key);
  }

  #update(key: string, change: Partial<Pick<Entry, "status" | "error" | "seq" | "elsewhere">>): void {
    this.entries.set(this.entries.getSnapshot().map((entry) => (entry.key === key ? { ...entry, ...change } : entry)));
  }

  #remove(key: string): void {
    this.#options.storage?.drop(key, null);
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

function asEntry({ refusal, ...kept }: Kept, elsewhere: boolean): Entry {
  const text = typeof kept.fields.text === "string" ? kept.fields.text : "";
  const error = refusal === undefined ? null : new Refused(refusal.code, refusal.message);
  return { ...kept, text, status: error === null ? "sending" : "refused", error, seq: null, elsewhere };
}

function asKept({ lane, key, do: name, fields, at }: Entry): Kept {
  return { lane, key, do: name, fields, at };
}
