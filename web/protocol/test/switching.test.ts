import { describe, expect, it } from "vitest";

import { settled } from "./clock";
import { AI, ANA, followed, said, started } from "./log";
import { again, agent, dial, push, summary } from "./peer";

/** An agent at the console who has asked to follow c1. */
async function console() {
  const { first: server, ...line } = await agent();
  const thread = line.client.open("c1");
  const first = await server.expect("follow");
  const seqs = () => thread.getSnapshot().events.map(({ seq }) => seq);
  return { ...line, server, thread, first, seqs };
}

/** The same, who has left c1 and come back at once; `first` and `second` are the two follows. */
async function switching() {
  const line = await console();
  line.thread.release();
  line.client.open("c1");
  await line.server.expect("unfollow");
  return { ...line, second: await line.server.expect("follow") };
}

const log = (last: number) => Array.from({ length: last }, (_, place) => said(place + 1));
const rate = { code: "rate", message: "That was a lot.", retry_ms: 200, state: null };

describe("a conversation that was left and opened again", () => {
  it("shows what the newer follow brings, whenever the older one is answered", async () => {
    for (const olderFirst of [true, false]) {
      const { server, first, second, seqs } = await switching();
      const older = { id: first.id, ok: followed(log(3)) };
      if (olderFirst) await server.say(older);
      await server.say({ id: second.id, ok: followed(log(5)) });
      if (!olderFirst) await server.say(older);
      await server.push(push(said(6)));

      expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
      expect(server.inbox).toEqual([]);
    }
  });

  it("is there, even if the older follow was refused late", async () => {
    const { server, thread, first, second } = await switching();
    await server.say({ id: second.id, ok: followed(log(1)) });
    await server.say({ id: first.id, error: { ...rate, code: "not_found", retry_ms: null } });

    expect(thread.getSnapshot().status).toBe("ready");
  });

  it("takes each event once, whatever the earlier follow still pushes", async () => {
    const { server, first, second, seqs } = await switching();
    await server.say({ id: first.id, ok: followed(log(2)) });
    await server.push(push(said(3)), push(said(5)), { push: "position", conversation: "c1", seq: 5 });
    await server.say({ id: second.id, ok: followed(log(6)) });
    await server.push(push(said(6)), push(said(7)));

    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(server.inbox).toEqual([]);
  });

  it("goes on with the answer as the newer follow shows it", async () => {
    const { server, thread, first, second } = await switching();
    const state = { ...AI, open_answer: "r1" };
    const open = (text: string) => followed([said(1), started(2)], { state, draft: { answer: "r1", text } });
    const delta = (offset: number, text: string) =>
      ({ push: "delta", conversation: "c1", answer: "r1", offset, text }) as const;
    await server.say({ id: second.id, ok: open("Of course") });
    await server.say({ id: first.id, ok: open("Of") });
    await server.push(delta(2, " cou"), delta(9, ", yes"));

    expect(thread.getSnapshot().draft?.text).toBe("Of course, yes");
    expect(server.inbox).toEqual([]);
  });

  it("loads what is further up anew: a late page is nobody's", async () => {
    const { client, server, thread, first, seqs } = await console();
    await server.say({ id: first.id, ok: followed([said(51)], { before: 51 }) });
    void thread.earlier();
    const late = await server.expect("history");
    thread.release();
    client.open("c1");
    await server.expect("unfollow");
    await server.answer("follow", followed([said(52)], { mode: "tail" }));
    expect(thread.getSnapshot().loadingEarlier).toBe(false);
    void thread.earlier();
    const asked = await server.expect("history");
    await server.say({ id: late.id, ok: { events: [said(49), said(50)], before: 49 } });
    expect(thread.getSnapshot()).toMatchObject({ loadingEarlier: true, hasEarlier: true });
    expect(seqs()).toEqual([51, 52]);

    await server.say({ id: asked.id, ok: { events: [said(49), said(50)], before: 49 } });

    expect(seqs()).toEqual([49, 50, 51, 52]);
  });

  it("is not touched by a page that was to fill a gap before", async () => {
    const { client, server, thread, first, seqs } = await console();
    await server.say({ id: first.id, ok: followed(log(1)) });
    await server.push(push(said(4)));
    const late = await server.expect("history");
    thread.release();
    client.open("c1");
    await server.expect("unfollow");
    await server.answer("follow", followed([said(61), said(62)], { before: 61 }));
    await server.say({ id: late.id, ok: { events: [], before: null } });

    expect(seqs()).toEqual([61, 62]);
    expect(server.inbox).toEqual([]);
  });

  it("comes whole from the welcome, whatever the line that broke still had to say", async () => {
    const line = await switching();
    const second = await again(line);
    const hello = await second.welcome({ following: [followed(log(4))] }, ANA);
    await line.server.say({ id: line.first.id, ok: followed(log(2)) }, { id: line.second.id, ok: followed(log(3)) });
    await line.server.push(push(said(9)));

    expect(hello.following).toEqual([{ conversation: "c1" }]);
    expect(line.seqs()).toEqual([1, 2, 3, 4]);
    expect(second.inbox).toEqual([]);
  });
});

describe("a conversation that was left", () => {
  it("asks for nothing, whatever still comes", async () => {
    const { client, clock, server, thread, first } = await console();
    const state = { ...AI, open_answer: "r1" };
    await server.say({ id: first.id, ok: followed([said(1), started(2)], { state }) });
    await server.push(push(said(5)));
    const gap = await server.expect("history");
    thread.release();
    await server.expect("unfollow");
    await server.say({ id: gap.id, ok: { events: [], before: null } });
    await server.push({ push: "delta", conversation: "c1", answer: "r1", offset: 7, text: "rse" }, push(said(8)));
    const other = client.open("c2");
    await server.refuse("follow", rate);
    other.release();
    await server.expect("unfollow");
    clock.pass(10_000);
    await settled();

    expect(server.inbox).toEqual([]);
  });

  it("is unfollowed even if the hello had asked for it", async () => {
    const line = await console();
    await line.server.say({ id: line.first.id, ok: followed(log(1)) });
    const second = await again(line);
    const hello = await second.hello();
    line.thread.release();

    await second.welcome({ following: [followed([said(2)], { mode: "tail" })] }, ANA, hello);

    expect(await second.expect("unfollow")).toMatchObject({ conversation: "c1" });
  });
});

it("loses no event that comes in one frame with the answer to the follow", async () => {
  const { server, first, seqs } = await console();
  await server.say({ id: first.id, ok: followed(log(2)) }, push(said(3)));

  expect(seqs()).toEqual([1, 2, 3]);
});

describe("told to ask later", () => {
  it("follows then, and not before", async () => {
    const { client, clock, server } = await console();
    client.open("c2");
    await server.refuse("follow", rate);
    clock.pass(199);
    await settled();
    expect(server.inbox).toEqual([]);
    clock.pass(1);

    await server.answer("follow", followed(log(1), { conversation: "c2" }));

    expect(client.open("c2").getSnapshot()).toMatchObject({ status: "ready", last: 1 });
  });

  it("asks for the same gap again, whatever comes meanwhile", async () => {
    const { clock, server, first, seqs } = await console();
    await server.say({ id: first.id, ok: followed(log(1)) });
    await server.push(push(said(4)));
    await server.refuse("history", rate);
    await server.push(push(said(5)), { push: "position", conversation: "c1", seq: 5 });
    expect(server.inbox).toEqual([]);
    clock.pass(200);

    const asked = await server.answer("history", { events: [said(2), said(3)], before: null });

    expect(asked).toMatchObject({ after: 1, until: 3 });
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  });

  it("goes on loading what is further up", async () => {
    const { clock, server, thread, first, seqs } = await console();
    await server.say({ id: first.id, ok: followed([said(3)], { before: 3 }) });
    void thread.earlier();
    await server.refuse("history", rate);
    expect(thread.getSnapshot().loadingEarlier).toBe(true);
    clock.pass(200);

    await server.answer("history", { events: [said(1), said(2)], before: null });

    expect(seqs()).toEqual([1, 2, 3]);
    expect(thread.getSnapshot().loadingEarlier).toBe(false);
  });

  it("follows later what the welcome did not bring, unless another welcome is faster", async () => {
    for (const broken of [false, true]) {
      const line = dial();
      const server = await line.peer();
      await server.welcome({ current: summary("c1"), following: [] });
      await server.refuse("follow", rate);
      const second = await again(line);
      await second.welcome({ current: summary("c1"), following: [{ conversation: "c1", error: { ...rate, code: "rate" } }] });
      expect(second.inbox).toEqual([]);
      const peer = broken ? await again(line) : second;
      if (broken) await peer.welcome({ current: summary("c1"), following: [followed(log(1))] });
      else line.clock.pass(200);
      await settled();

      expect(peer.inbox.map((frame) => frame.do)).toEqual(broken ? [] : ["follow"]);
    }
  });
});
