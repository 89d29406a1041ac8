import { expect, it, vi } from "vitest";

import { EMPTY, received } from "../src/conversation";
import type { Event } from "../src/frames.gen";
import { settled } from "./clock";
import { AI, ANA, event, finished, followed, ROSA, said, started } from "./log";
import { MemoryStorage } from "./memory";
import { again, agent, dial, push, summary } from "./peer";

const posted = (seq: number) => ({ conversation: "c1", log: "l1", seq, at: "2026-03-03T12:00:00Z", repeated: false });

/** A visitor in conversation c1 with `log` in it. */
async function visitor(...log: Event[]) {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome({ current: summary("c1", { seq: log.length }) });
  const { state } = log.reduce((view, next) => received(view, next).view, EMPTY);
  await peer.answer("follow", followed(log, { state }));
  return { ...line, first: peer, seqs: () => line.client.current.getSnapshot().events.map(({ seq }) => seq) };
}

it("knows that a newcomer has no conversation", async () => {
  const { client, peer } = dial();
  await (await peer()).welcome();

  expect(client.current.getSnapshot()).toMatchObject({ id: null, status: "ready", items: [] });
});

it("begins the conversation with the first message, whichever comes first: event or acknowledgement", async () => {
  for (const eventFirst of [true, false]) {
    const { client, peer } = dial();
    const server = await peer();
    await server.welcome();
    const stored = client.current.post("  Hello  ");
    expect(client.current.getSnapshot().items).toMatchObject([{ text: "Hello", status: "sending" }]);

    const post = await server.expect("post");
    expect(post).not.toHaveProperty("conversation");
    const own = push(said(1, "Hello", ROSA, post.key as string));
    if (eventFirst) await server.push(own);
    await server.say({ id: post.id, ok: posted(1) });
    expect(client.current.getSnapshot().items).toMatchObject([{ id: post.key, text: "Hello", status: "sent" }]);
    if (!eventFirst) await server.push(own);

    expect(await stored).toMatchObject({ seq: 1 });
    expect(client.current.getSnapshot()).toMatchObject({ id: "c1", last: 1, items: [{ id: post.key, seq: 1 }], pending: [] });
  }
});

it("follows what the visitor begins on another tab", async () => {
  const { client, peer } = dial();
  const server = await peer();
  await server.welcome();

  await server.push(push(said(1, "From the other tab", ROSA)), push(started(2)));

  expect(client.current.getSnapshot()).toMatchObject({ id: "c1", status: "ready", last: 2, state: { open_answer: "r1" } });
});

it("shows the conversation again after a reload", async () => {
  const { client } = await visitor(said(1, "Hello"), started(2), finished(3));

  expect(client.current.getSnapshot()).toMatchObject({ id: "c1", status: "ready", last: 3 });
});

it("fills a gap from the history, on the same connection", async () => {
  const { first, seqs, peers } = await visitor(said(1));
  await first.push(push(said(4)), push(said(5)));
  expect(seqs()).toEqual([1]);

  const asked = await first.answer("history", { events: [said(2), said(3)], before: null });

  expect(asked).toMatchObject({ conversation: "c1", after: 1, until: 3 });
  expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  expect(peers).toHaveLength(1);
});

it("is shown what its server could not read once it comes to another one", async () => {
  const line = await visitor(said(1), event(2, { kind: "unknown" }, ANA), said(3));
  expect(line.seqs()).toEqual([1, 2, 3]);
  expect(line.client.current.getSnapshot().items).toHaveLength(2);

  const second = await again(line);
  const whole = followed([said(1), said(2, "In full", ANA), said(3)]);
  const hello = await second.welcome({ current: summary("c1"), following: [whole] });

  expect(hello.following).toEqual([{ conversation: "c1" }]);
  const texts = [{ text: "words 1" }, { text: "In full" }, { text: "words 3" }];
  expect(line.client.current.getSnapshot().items).toMatchObject(texts);
});

it("asks page after page for a tail that the position reveals", async () => {
  const { first, seqs } = await visitor(said(1));
  await first.push({ push: "position", conversation: "c1", seq: 4 });

  await first.answer("history", { events: [said(2), said(3)], before: null });
  const asked = await first.answer("history", { events: [said(4)], before: null });

  expect(asked).toMatchObject({ after: 3, until: 4 });
  expect(seqs()).toEqual([1, 2, 3, 4]);
});

it("follows anew when the history has no answer to a gap", async () => {
  const { first, seqs } = await visitor(said(1));
  await first.push(push(said(3)));
  await first.answer("history", { events: [], before: null });

  await first.answer("follow", followed([said(1), said(2), said(3)]));

  expect(seqs()).toEqual([1, 2, 3]);
});

it("asks for the draft when a delta is missing", async () => {
  const { client, first } = await visitor(said(1), started(2));
  await first.push({ push: "delta", conversation: "c1", answer: "r1", offset: 7, text: "rse" });

  const state = { ...AI, open_answer: "r1" };
  const whole = followed([], { mode: "tail", top: 2, state, draft: { answer: "r1", text: "Of course" } });
  const asked = await first.answer("follow", whole);

  expect(asked).toMatchObject({ conversation: "c1", log: "l1", seq: 2 });
  expect(client.current.getSnapshot().items.at(-1)).toMatchObject({ kind: "answer", text: "Of course", outcome: null });
});

it("resumes after the last event it has", async () => {
  const line = await visitor(said(1), said(2));
  const second = await again(line);

  const tail = followed([said(3)], { mode: "tail" });
  const hello = await second.welcome({ current: summary("c1"), following: [tail] });

  expect(hello.following).toEqual([{ conversation: "c1", log: "l1", seq: 2 }]);
  expect(line.seqs()).toEqual([1, 2, 3]);
  expect(second.inbox).toEqual([]);
});

it("sends under the same key again what nobody acknowledged, and shows it once", async () => {
  const line = await visitor(said(1));
  void line.client.current.post("Is anybody there?");
  const { key } = await line.first.expect("post");
  const second = await again(line);
  const stored = said(2, "Is anybody there?", ROSA, key as string);
  await second.welcome({ current: summary("c1"), following: [followed([stored], { mode: "tail" })] });

  const repeated = await second.answer("post", { ...posted(2), repeated: true });

  expect(repeated.key).toBe(key);
  expect(line.client.current.getSnapshot().items).toMatchObject([{ seq: 1 }, { seq: 2, id: key, status: "sent" }]);
});

it("keeps a message through a reload before it was acknowledged", async () => {
  const storage = new MemoryStorage();
  void dial({ storage }).client.current.post("Hello");
  const reloaded = dial({ storage });
  expect(reloaded.client.current.getSnapshot().items).toMatchObject([{ text: "Hello", status: "sending" }]);
  const server = await reloaded.peer();

  await server.welcome();
  await server.answer("post", posted(1));

  expect(storage.kept).toEqual([]);
});

it("moves on to the visitor's next conversation when one begins", async () => {
  const { client, first } = await visitor(said(1), event(2, { kind: "closed" }, ANA));
  void client.current.post("Hello again");
  const post = await first.expect("post");
  expect(post).not.toHaveProperty("conversation");

  await first.push(push(said(1, "Hello again", ROSA, post.key as string), "c2"));

  expect(client.current.getSnapshot()).toMatchObject({ id: "c2", last: 1, state: { control: "ai" } });
});

it("keeps the button and the message before it in their order", async () => {
  const { client, first } = await visitor(said(1));
  void client.current.post("One more thing");
  void client.current.command("request_human");
  await settled();
  expect(first.inbox.map((frame) => frame.do)).toEqual(["post"]);

  await first.answer("post", posted(2));

  expect(await first.expect("request_human")).toMatchObject({ conversation: "c1" });
});

it("says at most every three seconds that somebody types", async () => {
  const { client, clock, first } = await visitor(said(1));
  client.current.typing();
  client.current.typing();
  clock.pass(3000);
  client.current.typing();

  expect(first.inbox.map((frame) => frame.do)).toEqual(["typing", "typing"]);
});

it("marks as read what came while there was no connection", async () => {
  const line = await visitor(said(1), said(2));
  await line.first.close(1006);
  line.client.current.markRead();
  line.clock.pass(20_000);
  const second = await line.peer();

  await second.welcome({ current: summary("c1"), following: [followed([], { mode: "tail", top: 2 })] });

  expect(await second.expect("read")).toMatchObject({ conversation: "c1", seq: 2 });
});

it("loads what is further up, once at a time", async () => {
  const line = await agent();
  const thread = line.client.open("c1");
  await line.first.answer("follow", followed([said(51)], { before: 51 }));
  void thread.earlier();
  void thread.earlier();
  expect(thread.getSnapshot()).toMatchObject({ hasEarlier: true, loadingEarlier: true });

  await line.first.answer("history", { events: [said(49), said(50)], before: null });

  expect(line.first.inbox).toEqual([]);
  expect(thread.getSnapshot()).toMatchObject({ hasEarlier: false, loadingEarlier: false, last: 51 });
  expect(thread.getSnapshot().events).toHaveLength(3);
});

it("loads what is further up after a failure that nobody foresaw", async () => {
  const line = await agent();
  const thread = line.client.open("c1");
  await line.first.answer("follow", followed([said(51)], { before: 51 }));
  vi.spyOn(line.first.wire, "send").mockImplementationOnce(() => {
    throw new DOMException("Still connecting.", "InvalidStateError");
  });
  await expect(thread.earlier()).rejects.toThrow("Still connecting.");
  expect(thread.getSnapshot()).toMatchObject({ hasEarlier: true, loadingEarlier: false });

  void thread.earlier();
  await line.first.answer("history", { events: [said(50)], before: null });

  expect(thread.getSnapshot()).toMatchObject({ hasEarlier: false, loadingEarlier: false, events: [said(50), said(51)] });
});

it("takes the longest text that this server allows, not a longer one", async () => {
  const { client, peer } = dial();
  const server = await peer();
  await server.welcome({ limits: { text: 5, frame: 65_536, following: 100, page: 100, typing_ms: 3000 } });
  expect(client.limits.getSnapshot().text).toBe(5);

  await expect(client.current.post("  Hello  there")).rejects.toMatchObject({ code: "too_large" });
  void client.current.post("  Hello  ");

  expect(await server.expect("post")).toMatchObject({ text: "Hello" });
  expect(client.current.getSnapshot().items).toMatchObject([{ text: "Hello" }]);
});
