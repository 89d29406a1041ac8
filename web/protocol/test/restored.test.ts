import { expect, it } from "vitest";

import { followed, ROSA, said } from "./log";
import { again, dial, push, summary } from "./peer";

const LOST = { conversation: "c1", error: { code: "not_found", message: "", retry_ms: null, state: null } } as const;
const posted = { conversation: "c2", log: "l2", seq: 1, at: "2026-03-03T12:00:00Z", repeated: false };

/** A visitor whose conversation c1 was lost with what the backup did not have, and what the page makes of it. */
async function restored() {
  const line = dial();
  const first = await line.peer();
  await first.welcome({ current: summary("c1") });
  await first.answer("follow", followed([said(1), said(2)]));
  const view = () => line.client.current.getSnapshot();
  return { ...line, first, view, again: () => again(line) };
}

it("begins anew when the server has lost the conversation", async () => {
  const { client, view, again } = await restored();
  const second = await again();
  await second.welcome({ following: [LOST] });
  expect(view()).toMatchObject({ id: null, status: "ready", items: [], last: 0 });

  void client.current.post("Hello?");
  const post = await second.expect("post");
  expect(post).not.toHaveProperty("conversation");
  await second.push(push(said(1, "Hello?", ROSA, post.key as string), "c2"));
  await second.say({ id: post.id, ok: posted });
  expect(view()).toMatchObject({ id: "c2", last: 1, items: [{ text: "Hello?", status: "sent", seq: 1 }], pending: [] });
});

it("sends what waited into a conversation of its own, and shows no echo of what is lost", async () => {
  const { client, first, view, again } = await restored();
  void client.current.post("Stored and lost");
  await first.answer("post", { ...posted, conversation: "c1", log: "l1", seq: 3 });
  void client.current.post("Nobody has this yet");
  await first.expect("post");
  const second = await again();
  await second.welcome({ following: [LOST] });

  const post = await second.expect("post");

  expect(post).toMatchObject({ text: "Nobody has this yet" });
  expect(post).not.toHaveProperty("conversation");
  expect(view().items).toMatchObject([{ text: "Nobody has this yet", status: "sending" }]);
});

it("begins anew as a newcomer when the server does not know the visitor any more", async () => {
  const { client, clock, view, peer } = await restored();
  await (await peer()).close(4500);
  void client.current.post("Hello?");
  clock.pass(60_000);
  client.reconnect();
  const second = await peer();
  await second.welcome({ following: [LOST] }, { ...ROSA, id: "v2" });

  expect(await second.expect("post")).not.toHaveProperty("conversation");
  expect(view()).toMatchObject({ id: null, status: "ready", items: [{ text: "Hello?", status: "sending" }] });
});

it("goes on showing a conversation that is only too old to be the current one", async () => {
  const { view, again } = await restored();
  const second = await again();

  await second.welcome({ following: [followed([], { mode: "tail", top: 2 })] });

  expect(view()).toMatchObject({ id: "c1", status: "ready", last: 2 });
});

it("goes on with the conversation that the server has instead", async () => {
  const { view, again } = await restored();
  const second = await again();
  await second.welcome({ current: summary("c0"), following: [LOST] });

  await second.answer("follow", followed([said(1, "Older")], { conversation: "c0" }));

  expect(view()).toMatchObject({ id: "c0", status: "ready", items: [{ text: "Older" }] });
});
