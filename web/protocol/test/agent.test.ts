import { expect, it } from "vitest";

import { settled } from "./clock";
import { AI, ANA, followed, said } from "./log";
import { again, agent, push, summary } from "./peer";

it("is followed when it is opened again before the first follow was answered", async () => {
  const { client, first } = await agent();
  client.open("c1").release();
  client.open("c1");

  await settled();

  expect(first.inbox.map((frame) => frame.do)).toEqual(["follow", "unfollow", "follow"]);
});

it("shows a conversation that was open before at once, and goes on from there", async () => {
  const { client, first } = await agent();
  const thread = client.open("c1");
  await first.answer("follow", followed([said(1), said(2)]));
  thread.release();
  await first.expect("unfollow");

  expect(client.open("c1").getSnapshot()).toMatchObject({ status: "ready", last: 2 });
  expect(await first.expect("follow")).toMatchObject({ log: "l1", seq: 2 });
});

it("never mixes conversations: an answer to one that was left does not show in another", async () => {
  const { client, first } = await agent();
  const one = client.open("c1");
  const asked = await first.expect("follow");
  one.release();
  const two = client.open("c2");
  await first.expect("unfollow");
  await first.answer("follow", followed([said(1, "Two")], { conversation: "c2" }));

  await first.say({ id: asked.id, ok: followed([said(1, "One")]) });
  await first.push(push(said(2, "Late"), "c1"));

  expect(two.getSnapshot().items).toMatchObject([{ text: "Two" }]);
});

it("says that a conversation is not there", async () => {
  const { client, first } = await agent();
  const thread = client.open("nowhere");

  await first.refuse("follow", { code: "not_found" });

  expect(thread.getSnapshot().status).toBe("missing");
});

it("keeps the inbox in order: waiting first, longest first, then what is to be allowed, then newest", async () => {
  const { client, first } = await agent();
  const list = client.inbox("open");
  list.follow();
  const waiting = { ...AI, control: "pending" } as const;
  const old = summary("old", { at: "2026-03-03T10:00:00Z" });
  const fresh = summary("fresh", { at: "2026-03-03T11:00:00Z" });
  await first.answer("follow_inbox", { revision: 5, conversations: [old, fresh], next: null });

  const late = summary("late", { state: waiting, waiting_since: "2026-03-03T11:05:00Z" });
  const early = { ...old, state: waiting, waiting_since: "2026-03-03T11:01:00Z" };
  await first.push({ push: "inbox", name: "open", revision: 6, changed: [late, early], removed: ["gone"] });
  await first.push({ push: "inbox", name: "open", revision: 4, changed: [], removed: ["late"] });

  const names = () => list.getSnapshot().conversations.map(({ conversation }) => conversation);
  expect(names()).toEqual(["old", "late", "fresh"]);

  const asks = summary("asks", { at: "2026-03-03T09:00:00Z", approval_until: "2026-03-03T11:20:00Z" });
  const sooner = summary("sooner", { at: "2026-03-03T09:00:00Z", approval_until: "2026-03-03T11:10:00Z" });
  await first.push({ push: "inbox", name: "open", revision: 7, changed: [asks, sooner], removed: [] });
  expect(names()).toEqual(["old", "late", "sooner", "asks", "fresh"]);
});

it("follows the inbox again on a new connection, with the same filter", async () => {
  const line = await agent();
  const list = line.client.inbox("open");
  list.follow({ state: "pending" });
  await line.first.answer("follow_inbox", { revision: 5, conversations: [summary("c1")], next: null });
  const second = await again(line);
  await second.welcome({}, ANA);

  const asked = await second.answer("follow_inbox", { revision: 1, conversations: [summary("c2")], next: null });

  expect(asked.filter).toEqual({ state: "pending" });
  expect(list.getSnapshot().conversations).toMatchObject([{ conversation: "c2" }]);
});

it("keeps lists of different names apart", async () => {
  const { client, first } = await agent();
  client.inbox("mine").follow();
  await first.answer("follow_inbox", { revision: 1, conversations: [], next: null });
  client.inbox("waiting").follow();
  await first.answer("follow_inbox", { revision: 1, conversations: [], next: null });

  await first.push({ push: "inbox", name: "waiting", revision: 2, changed: [summary("c1")], removed: [] });
  await first.push({ push: "inbox", name: "nobody's", revision: 2, changed: [summary("c2")], removed: [] });

  expect(client.inbox("mine").getSnapshot().conversations).toEqual([]);
  expect(client.inbox("waiting").getSnapshot().conversations).toMatchObject([{ conversation: "c1" }]);
});

it("has older conversations page by page, each once, and news of them like of the others", async () => {
  const { client, first } = await agent();
  const list = client.inbox("open");
  const at = (name: string, minute: number) => summary(name, { at: `2026-03-03T11:0${String(minute)}:00Z` });
  const names = () => list.getSnapshot().conversations.map(({ conversation }) => conversation);
  list.follow();
  await first.answer("follow_inbox", { revision: 1, conversations: [at("e", 5), at("d", 4)], next: "after d" });
  expect(list.getSnapshot().more).toBe(true);

  list.more();
  list.more();
  const asked = await first.answer("more_inbox", { revision: 2, conversations: [at("d", 4), at("c", 3), at("b", 2)], next: null });
  await first.push({ push: "inbox", name: "open", revision: 3, changed: [at("b", 6), at("a", 1)], removed: ["c"] });
  list.more();
  await settled();

  expect(asked).toMatchObject({ name: "open", cursor: "after d" });
  expect(names()).toEqual(["b", "e", "d", "a"]);
  expect(list.getSnapshot().more).toBe(false);
  // Asked for once, and not where there is no more.
  expect(first.inbox).toEqual([]);
});

it("shows as much as before after the connection was lost, and nothing less on the way", async () => {
  const line = await agent();
  const list = line.client.inbox("open");
  const shown: number[] = [];
  list.follow();
  await line.first.answer("follow_inbox", { revision: 1, conversations: [summary("c1")], next: "after c1" });
  list.more();
  await line.first.answer("more_inbox", { revision: 2, conversations: [summary("c2")], next: "after c2" });
  list.subscribe(() => shown.push(list.getSnapshot().conversations.length));
  const second = await again(line);
  await second.welcome({}, ANA);
  await second.answer("follow_inbox", { revision: 1, conversations: [summary("c1")], next: "after c1" });
  await second.push({ push: "inbox", name: "open", revision: 2, changed: [summary("c0")], removed: ["c1"] });
  await second.answer("more_inbox", { revision: 3, conversations: [summary("c2")], next: "after c2" });

  expect(shown).toEqual([2]);
  expect(list.getSnapshot().conversations.map(({ conversation }) => conversation)).toEqual(["c0", "c2"]);
});

it("tells what changed of one of the team", async () => {
  const { client, first } = await agent();
  const told = { push: "colleague", agent: { id: "ben", name: "Ben" }, away: true } as const;

  await first.push(told);

  expect(client.colleague.getSnapshot()).toEqual(told);
});
