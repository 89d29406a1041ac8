import { IDBFactory } from "fake-indexeddb";
import { expect, it, vi } from "vitest";

import type { Kept } from "../src/outbox";
import { UnsentStorage } from "../src/unsent";

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

function browser() {
  const factory = new IDBFactory();
  const locks = new Locks();
  const page = () => {
    const { request, gone } = locks.page();
    const storage = new UnsentStorage("unsent", { databases: () => factory, locks: () => ({ request }) });
    const found: string[] = [];
    const load = () => storage.load((kept) => found.push(...kept.map(({ key }) => key)));
    return { storage, load, found, gone };
  };
  /** Until what a page has asked for is done: its works happen in order. */
  const stored = async (storage: UnsentStorage) => {
    await vi.waitFor(async () => expect(await names()).toEqual(["unsent"]));
    await storage.load(() => undefined);
  };
  const names = async () => (await factory.databases()).map(({ name }) => name);
  const lockless = () => new UnsentStorage("unsent", { databases: () => factory, locks: () => undefined });
  return { page, names, stored, lockless };
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
  before.storage.drop("k2");
  await stored(before.storage);
  before.gone();

  const after = page();
  await after.load();

  expect(after.found).toEqual(["k1", "k3"]);
});

it("leaves to a living page what is its own, and takes it over when that page is gone", async () => {
  const { page, stored } = browser();
  const first = page();
  first.storage.keep(kept("k1"));
  await stored(first.storage);
  const second = page();
  const loaded = second.load();
  await stored(first.storage);
  expect(second.found).toEqual([]);

  first.gone();
  await loaded;

  expect(second.found).toEqual(["k1"]);
});

it("lets one of two pages take it, not both", async () => {
  const { page, stored } = browser();
  const gone = page();
  gone.storage.keep(kept("k1"));
  await stored(gone.storage);
  gone.gone();
  const [one, other] = [page(), page()];

  await Promise.all([one.load(), other.load()]);

  expect([...one.found, ...other.found]).toEqual(["k1"]);
});

it("takes everything where there are no locks", async () => {
  const { lockless, stored } = browser();
  const first = lockless();
  first.keep(kept("k1"));
  await stored(first);
  const found: unknown[] = [];

  await lockless().load((rows) => found.push(...rows));

  expect(found).toMatchObject([{ key: "k1", fields: { text: "k1" } }]);
});

it("keeps quiet where the browser allows no storage", async () => {
  const databases = () => {
    throw new DOMException("Not here.", "SecurityError");
  };
  const storage = new UnsentStorage("unsent", { databases, locks: databases });

  storage.keep(kept("k1"));
  storage.drop("k1");

  await expect(storage.load(() => expect.fail("found something"))).resolves.toBeUndefined();
});
