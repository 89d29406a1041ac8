import { expect, it } from "vitest";

import { Refused } from "../src/errors";
import type { Kept, StorageListener } from "../src/outbox";
import { settled } from "./clock";
import { followed, ROSA, said } from "./log";
import { MemoryStorage } from "./memory";
import { dial, push, summary } from "./peer";

/** A storage that tells the page what the test says. */
class SharedStorage extends MemoryStorage {
  tell: StorageListener = { found: () => undefined, elsewhere: () => undefined, settled: () => undefined };

  override load(listener: StorageListener): Promise<void> {
    this.tell = listener;
    return super.load(listener);
  }
}

const theirs: Kept = { lane: "current", key: "k1", do: "post", fields: { text: "From the other tab" }, at: "2026-03-03T11:59:00Z" };
const refusal = { code: "limit", message: "Too much." } as const;
const posted = { conversation: "c1", log: "l1", seq: 2, at: "2026-03-03T12:00:00Z", repeated: false };

/** A visitor's tab, in a conversation with one message. */
async function tab() {
  const storage = new SharedStorage();
  const line = dial({ storage });
  const server = await line.peer();
  await server.welcome({ current: summary("c1") });
  await server.answer("follow", followed([said(1)]));
  const items = () => line.client.current.getSnapshot().items.slice(1);
  return { ...line, storage, server, items };
}

it("shows what another tab is sending, and does not send it", async () => {
  const { storage, server, items, client } = await tab();
  storage.tell.elsewhere([theirs]);
  await settled();

  expect(items()).toMatchObject([{ text: "From the other tab", status: "sending" }]);
  expect(client.current.getSnapshot().pending).toMatchObject([{ elsewhere: true }]);
  expect(server.inbox).toEqual([]);
});

it("shows another tab's message once, whatever comes first: its event or that it was acknowledged", async () => {
  for (const eventFirst of [true, false]) {
    const { storage, server, items, client } = await tab();
    const event = push(said(2, "From the other tab", ROSA, "k1"));
    storage.tell.elsewhere([theirs]);
    if (eventFirst) await server.push(event);
    storage.tell.settled("k1", 2);
    storage.tell.elsewhere([]);
    expect(items()).toMatchObject([{ id: "k1", status: "sent" }]);
    if (!eventFirst) await server.push(event);

    expect(items()).toMatchObject([{ id: "k1", seq: 2, status: "sent" }]);
    expect(client.current.getSnapshot().pending).toEqual([]);
  }
});

it("sends what another tab has left, before what is said then", async () => {
  const { storage, server, items, client } = await tab();
  storage.tell.elsewhere([theirs]);
  storage.tell.found([theirs]);
  void client.current.post("And from here");
  expect(items()).toMatchObject([{ id: "k1" }, { text: "And from here" }]);

  expect(await server.answer("post", posted)).toMatchObject({ key: "k1" });
  expect(await server.expect("post")).toMatchObject({ text: "And from here" });
});

it("tries a message again that was refused on another tab, or forgets it", async () => {
  const { storage, server, items, client } = await tab();
  storage.tell.elsewhere([{ ...theirs, refusal }]);
  expect(items()).toMatchObject([{ status: "refused", error: { message: "Too much." } }]);

  client.current.retry("k1");
  expect(await server.expect("post")).toMatchObject({ key: "k1", text: "From the other tab" });
  expect(storage.kept).toEqual([theirs]);

  storage.tell.elsewhere([{ ...theirs, key: "k2", refusal }]);
  client.current.discard("k2");
  expect(items()).toMatchObject([{ id: "k1", status: "sending" }]);
});

it("leaves a refused message to the tab that tries it again, and forgets what another tab gave up", async () => {
  const { storage, server, items, client } = await tab();
  for (const text of ["one", "two"]) {
    void client.current.post(text);
    await server.refuse("post", { code: "limit" });
  }
  const [one, two] = storage.kept;
  if (one === undefined || two === undefined) return expect.fail("not kept");

  storage.tell.elsewhere([{ ...one, refusal: undefined }]);
  storage.tell.settled(two.key, null);

  expect(items()).toMatchObject([{ text: "one", status: "sending" }]);
  expect(server.inbox).toEqual([]);
});

it("shows a refused message as refused after a reload, and does not send it unasked", async () => {
  const storage = new MemoryStorage();
  const before = dial({ storage });
  const server = await before.peer();
  await server.welcome();
  const refused = before.client.current.post("Too much of it");
  await server.refuse("post", { code: "limit", message: "Too much." });
  await expect(refused).rejects.toBeInstanceOf(Refused);

  const after = dial({ storage });
  const again = await after.peer();
  await again.welcome();
  void after.client.current.post("Something else");

  expect(await again.expect("post")).toMatchObject({ text: "Something else" });
  expect(after.client.current.getSnapshot().items).toMatchObject([
    { text: "Too much of it", status: "refused", error: { code: "limit", message: "Too much." } },
    { text: "Something else", status: "sending" },
  ]);
});
