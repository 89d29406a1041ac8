import { newKey } from "./keys";
import type { Kept, OutboxStorage, StorageListener } from "./outbox";

/** The browser's parts that are needed; asked for late, for where they are forbidden even asking may throw. */
export interface Browser {
  readonly databases: () => IDBFactory;
  /** Absent on pages that are not served over HTTPS, and in old browsers. */
  readonly locks: () => Pick<LockManager, "request"> | undefined;
  /** Of this name, to all other pages. */
  readonly channel: (name: string) => Channel;
}

export interface Channel {
  postMessage(message: Told): void;
  onmessage: ((message: MessageEvent<Told>) => void) | null;
}

/** Something is stored; or, with a key, something was dropped that stands at `seq` in the log, if anywhere. */
type Told = { readonly key: string; readonly seq: number | null } | null;

interface Row extends Kept {
  /** The page that sends it. */
  readonly page: string;
}

const STORE = "unsent";
const BROWSER: Browser = {
  databases: () => indexedDB,
  locks: () => navigator.locks,
  channel: (name) => new BroadcastChannel(name),
};

/**
 * Unacknowledged requests in IndexedDB, shared by all pages of one reader.
 *
 * Each belongs to the page that wrote it. A page holds a lock as long as it lives, so whoever gets that lock knows
 * that it is gone (left, reloaded or crashed) and takes over what it could not send. Without locks a new page takes
 * everything, which the requests' keys make harmless. A page that changes something tells the others, who look again,
 * show what is there and wait for its page's lock. Where nothing may be stored, requests live as long as the page.
 */
export class UnsentStorage implements OutboxStorage {
  readonly #name: string;
  readonly #browser: Browser;
  readonly #page = newKey(Date.now());
  #opened: Promise<IDBDatabase> | null = null;
  #channel: Channel | null = null;
  /** The pages whose end we wait for. */
  readonly #awaited = new Set<string>();

  constructor(name: string, browser: Browser = BROWSER) {
    this.#name = name;
    this.#browser = browser;
  }

  async load(listener: StorageListener): Promise<void> {
    this.#listen(listener);
    try {
      // Opening one would make it, and nothing is stored before there is something to keep.
      const known = await this.#browser.databases().databases();
      if (known.some(({ name }) => name === this.#name)) await this.#look(listener, true);
    } catch {
      // Nothing is kept here.
    }
  }

  keep(kept: Kept): void {
    this.#quietly((store) => store.put({ ...kept, page: this.#page }), null);
  }

  drop(key: string, seq: number | null): void {
    this.#quietly((store) => store.delete(key), { key, seq });
  }

  #quietly(work: (store: IDBObjectStore) => IDBRequest, told: Told): void {
    this.#write(work).then(
      () => this.#channel?.postMessage(told),
      () => undefined,
    );
  }

  #listen(listener: StorageListener): void {
    try {
      this.#channel = this.#browser.channel(this.#name);
      this.#channel.onmessage = ({ data }) => {
        if (data !== null) listener.settled(data.key, data.seq);
        this.#look(listener, false).catch(() => undefined);
      };
    } catch {
      // Every page for itself.
    }
  }

  async #look(listener: StorageListener, isFirst: boolean): Promise<void> {
    const rows = await this.#write((store) => store.getAll() as IDBRequest<Row[]>);
    const others = rows.filter(({ page }) => page !== this.#page);
    listener.elsewhere(others);
    // Without locks nobody knows who is gone.
    if (!isFirst && this.#browser.locks() === undefined) return;
    const pages = new Set(others.map(({ page }) => page).filter((page) => !this.#awaited.has(page)));
    await Promise.all(
      [...pages].map((page) => {
        this.#awaited.add(page);
        return this.#whenGone(page, async () => {
          listener.found(await this.#takeFrom(page));
          this.#channel?.postMessage(null);
        });
      }),
    );
  }

  async #takeFrom(page: string): Promise<Row[]> {
    const taken: Row[] = [];
    await this.#write((store) => {
      const all = store.getAll() as IDBRequest<Row[]>;
      all.onsuccess = () => {
        for (const row of all.result.filter((each) => each.page === page)) {
          taken.push(row);
          store.put({ ...row, page: this.#page });
        }
      };
      return all;
    });
    return taken;
  }

  /** Resolves with the result when it is stored. Works happen in the order in which they are asked for. */
  async #write<T>(work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await (this.#opened ??= this.#open());
    const transaction = database.transaction(STORE, "readwrite");
    const request = work(transaction.objectStore(STORE));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => {
        resolve(request.result);
      };
      transaction.onabort = () => {
        reject(new Error("aborted"));
      };
    });
  }

  async #open(): Promise<IDBDatabase> {
    // Before the first row: a row whose page holds no lock counts as left behind.
    await this.#live();
    const opening = this.#browser.databases().open(this.#name, 1);
    return new Promise((resolve, reject) => {
      opening.onupgradeneeded = () => {
        opening.result.createObjectStore(STORE, { keyPath: "key" });
      };
      opening.onsuccess = () => {
        resolve(opening.result);
      };
      opening.onerror = () => {
        reject(new Error("closed to us"));
      };
    });
  }

  /** Holds this page's lock from now on. */
  #live(): Promise<void> {
    return new Promise((held) => {
      const forever = (): Promise<void> => {
        held();
        return new Promise(() => undefined);
      };
      const locks = this.#browser.locks();
      if (locks === undefined) held();
      else locks.request(this.#lockOf(this.#page), forever).catch(held);
    });
  }

  async #whenGone(page: string, work: () => Promise<void>): Promise<void> {
    const locks = this.#browser.locks();
    await (locks === undefined ? work() : locks.request(this.#lockOf(page), work));
  }

  #lockOf(page: string): string {
    return `${this.#name}.${page}`;
  }
}
