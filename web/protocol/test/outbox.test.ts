import { expect, it } from "vitest";

import { Refused } from "../src/errors";
import { Outbox, type Kept } from "../src/outbox";
import { ManualClock, settled } from "./clock";
import { MemoryStorage, SilentStorage } from "./memory";

interface Sent {
  readonly kept: Kept;
  acknowledge(seq?: number): void;
  fail(error: Refused): void;
}

/** An outbox whose far end answers when the test says so. */
function open(storage?: MemoryStorage) {
  const clock = new ManualClock();
  const sent: Sent[] = [];
  const outbox = new Outbox({
    clock,
    storage,
    textLimit: () => 20,
    send: (kept) =>
      new Promise((resolve, reject) => {
        const acknowledge = (seq = 1) => {
          resolve({ seq });
        };
        sent.push({ kept, acknowledge, fail: reject });
      }),
  });
  const texts = () => sent.map(({ kept }) => kept.fields.text);
  const last = (): Sent => {
    const latest = sent.at(-1);
    if (latest === undefined) throw new Error("nothing was sent");
    return latest;
  };
  return { clock, outbox, sent, texts, last };
}

const post = (outbox: Outbox, text: string, lane = "c1") => outbox.add(lane, "post", { text });

it("sends nothing without a connection, and everything in order with one", async () => {
  const { outbox, texts, last } = open();
  void post(outbox, "one");
  void post(outbox, "two");
  expect(texts()).toEqual([]);

  outbox.connected(true);
  expect(texts()).toEqual(["one"]);

  last().acknowledge();
  await settled();
  expect(texts()).toEqual(["one", "two"]);
});

it("queues nothing that the server would refuse for its length", async () => {
  const { outbox } = open();

  await expect(post(outbox, "x".repeat(21))).rejects.toMatchObject({ code: "too_large" });
  await expect(post(outbox, " ")).rejects.toMatchObject({ code: "bad_request" });
  expect(outbox.entries.getSnapshot()).toEqual([]);

  void post(outbox, "🌴".repeat(20));
  expect(outbox.entries.getSnapshot()).toHaveLength(1);
});

it("has one request in flight per lane, not per outbox", () => {
  const { outbox, texts } = open();
  outbox.connected(true);

  void post(outbox, "one", "c1");
  void post(outbox, "two", "c1");
  void post(outbox, "other", "c2");

  expect(texts()).toEqual(["one", "other"]);
});

it("gives each request a key of its own, ordered by time", () => {
  const { outbox, clock } = open();
  void post(outbox, "one");
  clock.pass(5);
  void post(outbox, "two");

  const keys = outbox.entries.getSnapshot().map(({ key }) => key);
  expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect((keys[0] ?? "") < (keys[1] ?? "")).toBe(true);
});

it("sends under the same key again when the connection was lost before the answer", async () => {
  const { outbox, sent, last } = open();
  outbox.connected(true);
  const stored = post(outbox, "one");
  last().fail(new Refused("lost", "lost"));
  await settled();
  expect(outbox.entries.getSnapshot()).toMatchObject([{ status: "sending" }]);

  outbox.connected(true);
  last().acknowledge(7);

  expect(await stored).toEqual({ seq: 7 });
  expect(new Set(sent.map(({ kept }) => kept.key)).size).toBe(1);
  expect(sent).toHaveLength(2);
});

it("keeps the order through a lost connection", async () => {
  const { outbox, texts, last } = open();
  outbox.connected(true);
  void post(outbox, "one");
  void post(outbox, "two");
  last().fail(new Refused("lost", "lost"));
  await settled();

  outbox.connected(true);
  last().acknowledge();
  await settled();

  expect(texts()).toEqual(["one", "one", "two"]);
});

it("survives a reload with its key, and goes out before what is said then", async () => {
  const storage = new MemoryStorage();
  void post(open(storage).outbox, "one");
  const [kept] = storage.kept;
  const { outbox, sent, texts, last } = open(storage);
  outbox.connected(true);

  void post(outbox, "two");
  await settled();
  last().acknowledge();
  await settled();

  expect(texts()).toEqual(["one", "two"]);
  expect(sent[0]?.kept).toMatchObject({ ...kept });
});

it("does not wait for a storage that never answers", async () => {
  const { outbox, texts, clock } = open(new SilentStorage());
  outbox.connected(true);
  void post(outbox, "one");
  await settled();
  expect(texts()).toEqual([]);

  clock.pass(1000);

  expect(texts()).toEqual(["one"]);
});

it("keeps a refused message until it is given up", async () => {
  const storage = new MemoryStorage();
  const { outbox, last } = open(storage);
  outbox.connected(true);
  void post(outbox, "one");
  await settled();
  last().fail(new Refused("limit", "Too much."));
  await settled();
  expect(storage.kept).toHaveLength(1);

  outbox.discard(last().kept.key);

  expect(storage.kept).toEqual([]);
});

it("keeps the echo of an acknowledged message until the log shows it, and no longer in storage", async () => {
  const storage = new MemoryStorage();
  const { outbox, last } = open(storage);
  outbox.connected(true);
  void post(outbox, "one");
  await settled();
  last().acknowledge(3);
  await settled();
  expect(outbox.entries.getSnapshot()).toMatchObject([{ status: "sent" }]);
  expect(storage.kept).toEqual([]);

  outbox.settle("c1", 2);
  expect(outbox.entries.getSnapshot()).toHaveLength(1);
  outbox.settle("c1", 3);
  expect(outbox.entries.getSnapshot()).toHaveLength(0);
});

it("shows a refused message and goes on with the next", async () => {
  const { outbox, texts, last } = open();
  outbox.connected(true);
  const refused = post(outbox, "one");
  void post(outbox, "two");

  last().fail(new Refused("limit", "Too much."));

  await expect(refused).rejects.toMatchObject({ code: "limit" });
  expect(outbox.entries.getSnapshot()).toMatchObject([{ status: "refused" }, { status: "sending" }]);
  expect(texts()).toEqual(["one", "two"]);
});

it("tries a refused message again under its old key, or forgets it", async () => {
  const { outbox, sent, last } = open();
  outbox.connected(true);
  void post(outbox, "one");
  const key = last().kept.key;
  last().fail(new Refused("limit", "Too much."));
  await settled();

  outbox.retry(key);
  expect(sent.map(({ kept }) => kept.key)).toEqual([key, key]);

  last().fail(new Refused("limit", "Too much."));
  await settled();
  outbox.discard(key);
  expect(outbox.entries.getSnapshot()).toEqual([]);
});

it("waits as long as the server asks for, by itself and in order", async () => {
  const { outbox, texts, last, clock } = open();
  outbox.connected(true);
  void post(outbox, "one");
  void post(outbox, "two");
  last().fail(new Refused("rate", "Too fast.", 800));
  await settled();
  clock.pass(799);
  expect(texts()).toEqual(["one"]);

  clock.pass(1);
  expect(texts()).toEqual(["one", "one"]);
});

it("forgets a refused button at once: its answer is an error beside the button", async () => {
  const { outbox, last } = open();
  outbox.connected(true);
  const refused = outbox.add("c1", "request_human", {});

  last().fail(new Refused("internal", "Broken."));

  await expect(refused).rejects.toMatchObject({ code: "internal" });
  expect(outbox.entries.getSnapshot()).toEqual([]);
});

it("says that the server refuses everything for the moment, and no longer when it takes something", async () => {
  const { outbox, clock, sent, last } = open();
  outbox.connected(true);
  void post(outbox, "one");
  last().fail(new Refused("busy", "", 2000));
  await settled();
  expect(outbox.refusing.getSnapshot()).toBe(true);

  clock.pass(2000);
  expect(sent.length).toBe(2);
  last().acknowledge();
  await settled();
  expect(outbox.refusing.getSnapshot()).toBe(false);
});

it("does not take somebody's own haste for a server that can store nothing", async () => {
  const { outbox, last } = open();
  outbox.connected(true);
  void post(outbox, "one");
  last().fail(new Refused("rate", "", 2000));
  await settled();

  expect(outbox.refusing.getSnapshot()).toBe(false);
});
