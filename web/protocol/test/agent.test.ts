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
  client.inbox.follow();
  const waiting = { ...AI, control: "pending" } as const;
  const old = summary("old", { at: "2026-03-03T10:00:00Z" });
  const fresh = summary("fresh", { at: "2026-03-03T11:00:00Z" });
  await first.answer("follow_inbox", { revision: 5, conversations: [old, fresh] });

  const late = summary("late", { state: waiting, waiting_since: "2026-03-03T11:05:00Z" });
  const early = { ...old, state: waiting, waiting_since: "2026-03-03T11:01:00Z" };
  await first.push({ push: "inbox", revision: 6, changed: [late, early], removed: ["gone"] });
  await first.push({ push: "inbox", revision: 4, changed: [], removed: ["late"] });

  const names = () => client.inbox.getSnapshot().conversations.map(({ conversation }) => conversation);
  expect(names()).toEqual(["old", "late", "fresh"]);

  const asks = summary("asks", { at: "2026-03-03T09:00:00Z", approval_until: "2026-03-03T11:20:00Z" });
  const sooner = summary("sooner", { at: "2026-03-03T09:00:00Z", approval_until: "2026-03-03T11:10:00Z" });
  await first.push({ push: "inbox", revision: 7, changed: [asks, sooner], removed: [] });
  expect(names()).toEqual(["old", "late", "sooner", "asks", "fresh"]);
});

it("follows the inbox again on a new connection, with the same filter", async () => {
  const line = await agent();
  line.client.inbox.follow({ state: "pending" });
  await line.first.answer("follow_inbox", { revision: 5, conversations: [summary("c1")] });
  const second = await again(line);
  await second.welcome({}, ANA);

  const asked = await second.answer("follow_inbox", { revision: 1, conversations: [summary("c2")] });

  expect(asked.filter).toEqual({ state: "pending" });
  expect(line.client.inbox.getSnapshot().conversations).toMatchObject([{ conversation: "c2" }]);
});
