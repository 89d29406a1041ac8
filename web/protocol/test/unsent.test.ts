import { IDBFactory } from "fake-indexeddb";
import { expect, it, vi } from "vitest";

import type { Kept, StorageListener } from "../src/outbox";
import { UnsentStorage, type Channel } from "../src/unsent";

/** The locks of one browser: first come, first served; all of a page's go when the page does. */
class Locks {
  readonly #queues = new Map<string, (() => void)[]>();

  /** What a page that lives until `gone` is called sees of them. */
  page() {
    let gone: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (gone = resolve));
    const request = async (name: string, work: () => Promise<void>): Promise<void> => {
      await this.#turn(name);
      await Promise.race([work(), end]);
      this.#next(name);
    };
    return { request: request as unknown as LockManager["request"], gone };
  }

  async #turn(name: string): Promise<void> {
    const queue = this.#queues.get(name);
    if (queue === undefined) this.#queues.set(name, []);
    else await new Promise<void>((resolve) => queue.push(resolve));
  }

  #next(name: string): void {
    const next = this.#queues.get(name)?.shift();
    if (next === undefined) this.#queues.delete(name);
    else next();
  }
}

/** All pages hear what one says, but that one. */
class Channels {
  readonly #open: Channel[] = [];

  readonly join = (): Channel => {
    const channel: Channel = {
      onmessage: null,
      postMessage: (data) => {
        for (const other of this.#open) if (other !== channel) other.onmessage?.({ data } as MessageEvent<Parameters<Channel["postMessage"]>[0]>);
      },
    };
    this.#open.push(channel);
    return channel;
  };
}

/** What a page was told. */
class Told implements StorageListener {
  readonly ours: string[] = [];
  theirs: string[] = [];
  readonly done: [string, number | null][] = [];

  found(kept: readonly Kept[]): void {
    this.ours.push(...kept.map(({ key }) => key));
  }

  elsewhere(kept: readonly Kept[]): void {
    this.theirs = kept.map(({ key }) => key);
  }

  settled(key: string, seq: number | null): void {
    this.done.push([key, seq]);
  }
}

function browser() {
  const factory = new IDBFactory();
  const locks = new Locks();
  const channels = new Channels();
  const databases = () => factory;
  const page = () => {
    const { request, gone } = locks.page();
    const channel = channels.join();
    const storage = new UnsentStorage("unsent", { databases, locks: () => ({ request }), channel: () => channel });
    const told = new Told();
    const leave = () => {
      channel.onmessage = null;
      gone();
    };
    return { storage, told, load: () => storage.load(told), found: told.ours, gone: leave };
  };
  const names = async () => (await factory.databases()).map(({ name }) => name);
  /** Until exactly these are stored. */
  const stored = async (...keys: string[]) => {
    await vi.waitFor(async () => expect(await names()).toEqual(["unsent"]));
    await vi.waitFor(async () => expect(await keysIn(factory)).toEqual(keys));
  };
  const lockless = () => new UnsentStorage("unsent", { databases, locks: () => undefined, channel: channels.join });
  return { page, names, stored, lockless };
}

function keysIn(factory: IDBFactory): Promise<unknown> {
  return new Promise((resolve) => {
    const opening = factory.open("unsent", 1);
    opening.onsuccess = () => {
      const asked = opening.result.transaction("unsent").objectStore("unsent").getAllKeys();
      asked.onsuccess = () => {
        opening.result.close();
        resolve(asked.result);
      };
    };
  });
}

const kept = (key: string): Kept => ({ lane: "c1", key, do: "post", fields: { text: key }, at: "2026-03-03T12:00:00Z" });

it("makes no database before there is something to keep", async () => {
  const { page, names } = browser();

  await page().load();

  expect(await names()).toEqual([]);
});

it("hands over what a page that is gone has left, in the order in which it was said", async () => {
  const { page, stored } = browser();
  const before = page();
  before.storage.keep(kept("k1"));
  before.storage.keep(kept("k2"));
  before.storage.keep(kept("k3"));
  before.storage.drop("k2", 1);
  await stored("k1", "k3");
  before.gone();

  const after = page();
  await after.load();

  expect(after.found).toEqual(["k1", "k3"]);
});

it("leaves to a living page what is its own, and takes it over when that page is gone", async () => {
  const { page, stored } = browser();
  const first = page();
  first.storage.keep(kept("k1"));
  await stored("k1");
  const second = page();
  const loaded = second.load();
  await vi.waitFor(() => expect(second.told.theirs).toEqual(["k1"]));
  expect(second.found).toEqual([]);

  first.gone();
  await loaded;

  expect(second.found).toEqual(["k1"]);
});

it("shows the pages that are open what one of them keeps, and one takes it over when that page is gone", async () => {
  const { page } = browser();
  const [first, second, third] = [page(), page(), page()];
  await Promise.all([first.load(), second.load(), third.load()]);
  first.storage.keep(kept("k1"));
  await vi.waitFor(() => expect([second.told.theirs, third.told.theirs]).toEqual([["k1"], ["k1"]]));
  expect([...second.found, ...third.found]).toEqual([]);

  first.gone();

  await vi.waitFor(() => expect([...second.found, ...third.found]).toEqual(["k1"]));
  const [heir, other] = second.found.length > 0 ? [second, third] : [third, second];
  await vi.waitFor(() => expect(other.told.theirs).toEqual(["k1"]));
  heir.gone();
  await vi.waitFor(() => expect(other.found).toEqual(["k1"]));
});

it("tells the other pages what became of a request", async () => {
  const { page } = browser();
  const [first, second] = [page(), page()];
  await Promise.all([first.load(), second.load()]);
  first.storage.keep(kept("k1"));
  await vi.waitFor(() => expect(second.told.theirs).toEqual(["k1"]));

  first.storage.drop("k1", 7);

  await vi.waitFor(() => expect(second.told.theirs).toEqual([]));
  expect(second.told.done).toEqual([["k1", 7]]);
});

it("gives a request to the page that keeps it last", async () => {
  const { page } = browser();
  const [first, second] = [page(), page()];
  await Promise.all([first.load(), second.load()]);
  first.storage.keep(kept("k1"));
  await vi.waitFor(() => expect(second.told.theirs).toEqual(["k1"]));

  second.storage.keep(kept("k1"));

  await vi.waitFor(() => expect(first.told.theirs).toEqual(["k1"]));
  expect(first.found).toEqual([]);
});

it("lets one of two pages take it, not both", async () => {
  const { page, stored } = browser();
  const gone = page();
  gone.storage.keep(kept("k1"));
  await stored("k1");
  gone.gone();
  const [one, other] = [page(), page()];

  await Promise.race([one.load(), other.load()]);

  await vi.waitFor(() => expect([...one.found, ...other.found]).toEqual(["k1"]));
});

it("takes everything where there are no locks, once", async () => {
  const { lockless, stored } = browser();
  const [first, second] = [lockless(), lockless()];
  const [one, other] = [new Told(), new Told()];
  await first.load(one);
  first.keep(kept("k1"));
  await stored("k1");

  await second.load(other);
  first.keep(kept("k2"));

  await vi.waitFor(() => expect(other.theirs).toEqual(["k2"]));
  expect([one.ours, other.ours]).toEqual([[], ["k1"]]);
});

it("keeps quiet where the browser allows no storage", async () => {
  const denied = () => {
    throw new DOMException("Not here.", "SecurityError");
  };
  const storage = new UnsentStorage("unsent", { databases: denied, locks: denied, channel: denied });
  const told = new Told();

  storage.keep(kept("k1"));
  storage.drop("k1", null);

  await expect(storage.load(told)).resolves.toBeUndefined();
  expect([told.ours, told.theirs]).toEqual([[], []]);
});
