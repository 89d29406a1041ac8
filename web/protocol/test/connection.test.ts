import { expect, it } from "vitest";

import { Refused, TokenRefused } from "../src/errors";
import { afterClose, retryAfter } from "../src/codes";
import { settled } from "./clock";
import { ROSA } from "./log";
import { dial } from "./peer";

const status = ({ client }: ReturnType<typeof dial>) => client.connection.getSnapshot();

it("says hello with the token in the frame, never in the address", async () => {
  const line = dial();
  const peer = await line.peer();

  const hello = await peer.welcome();

  expect([peer.url, peer.protocol]).toEqual(["wss://example.org/live", "chat.v1"]);
  expect(hello).toMatchObject({ do: "hello", v: 1, token: "token 1", client: "test/1", following: [] });
  expect(status(line)).toEqual({ status: "ready" });
  expect(line.client.you.getSnapshot()).toEqual(ROSA);
});

it("answers a ping with a pong", async () => {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome();

  await peer.say({});

  expect(peer.inbox).toEqual([{}]);
});

it("ignores what it does not know", async () => {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome();

  peer.wire.onmessage?.({ data: 'no json\n{"push":"fireworks","conversation":"c1"}\n[1]\nnull' });

  expect(status(line)).toEqual({ status: "ready" });
});

it("gives up a line that is silent for 35 seconds, and keeps one that is not", async () => {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome();

  line.clock.pass(20_000);
  await peer.say({});
  line.clock.pass(34_000);
  expect(status(line)).toEqual({ status: "ready" });

  line.clock.pass(1000);
  expect(status(line).status).toBe("waiting");
  expect(peer.closedWith).toBe(4004);
});

it("waits longer after each failure, up to 20 seconds, and afresh after a success", async () => {
  const line = dial();
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    await (await line.peer()).close(1006);
    const now = status(line);
    const wait = now.status === "waiting" ? now.retryAt - line.clock.now() : -1;
    waits.push(wait);
    line.clock.pass(wait);
  }
  expect(waits).toEqual([750, 1250, 2250, 4250, 8250, 10_250, 10_250, 10_250]);

  await (await line.peer()).welcome();
  await (await line.peer()).close(1006);
  expect(status(line)).toEqual({ status: "waiting", retryAt: line.clock.now() + 750 });
});

it("comes back at once when the network or the reader does", async () => {
  const line = dial();
  await (await line.peer()).close(1006);

  await line.wake();

  expect(line.peers).toHaveLength(2);
});

it("trusts no line that slept too long, without waiting for the timer", async () => {
  const line = dial();
  await (await line.peer()).welcome();
  await line.wake();
  expect(line.peers).toHaveLength(1);

  line.clock.now = () => Date.parse("2026-03-03T14:00:00Z");
  await line.wake();
  expect(line.peers).toHaveLength(2);
});

const FOREVER = () => new Promise<never>(() => undefined);

it("asks for another token when the first never comes, and takes the late one no more", async () => {
  const late: ((token: string) => void)[] = [];
  const line = dial({ getToken: () => new Promise((resolve) => late.push(resolve)) });

  line.clock.pass(35_000);
  expect(status(line).status).toBe("waiting");
  late[0]?.("too late");
  await settled();
  expect(line.peers).toHaveLength(0);

  line.clock.pass(20_000);
  late[1]?.("token");
  await (await line.peer()).welcome();
  expect(status(line)).toEqual({ status: "ready" });
});

it("begins an attempt anew that hangs when the network or the reader comes back", async () => {
  let asked = 0;
  const tokenless = dial({ getToken: () => (++asked, FOREVER()) });
  const wireless = dial();
  await settled();
  for (const line of [tokenless, wireless]) {
    line.clock.pass(1999);
    await line.wake();
  }
  expect([asked, wireless.peers.length]).toEqual([1, 1]);

  for (const line of [tokenless, wireless]) {
    line.clock.pass(1);
    await line.wake();
  }
  expect([asked, wireless.peers.length]).toEqual([2, 2]);
  expect(wireless.peers[0]?.closedWith).toBe(1000);
});

it("asks a silent line for a sign of life when the network or the reader comes back", async () => {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome();
  line.clock.pass(30_000);

  await line.wake();
  await line.wake();
  await peer.answer("unfollow", {});
  expect(peer.inbox).toEqual([]);
  line.clock.pass(34_000);
  expect(line.peers).toHaveLength(1);

  await line.wake();
  line.clock.pass(5000);
  await settled();
  expect(line.peers).toHaveLength(2);
});

it("watches a line that answered as before", async () => {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome();
  line.clock.pass(30_000);
  await line.wake();
  await peer.answer("unfollow", {});

  line.clock.pass(34_999);
  expect(status(line)).toEqual({ status: "ready" });
  line.clock.pass(1);
  expect(status(line).status).toBe("waiting");
});

it("does not come back before a draining server wants it, unless somebody asks", async () => {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome();
  await peer.close(4000, '{"retry_ms": 3000}');
  line.clock.pass(2999);
  await line.wake();
  expect(line.peers).toHaveLength(1);

  line.client.reconnect();
  await settled();
  expect(line.peers).toHaveLength(2);
});

it("asks for a token again when the server said, not before", async () => {
  let asked = 0;
  const getToken = () => (++asked === 1 ? Promise.reject(new Refused("rate", "Too fast.", 7000)) : FOREVER());
  const line = dial({ getToken });
  await settled();
  expect(status(line)).toEqual({ status: "waiting", retryAt: line.clock.now() + 7000 });

  await line.wake();
  line.clock.pass(6999);
  expect(asked).toBe(1);

  line.clock.pass(1);
  expect(asked).toBe(2);
});

it("stays away after a hello that came too late, until the network or the reader comes back", async () => {
  const line = dial();
  await (await line.peer()).close(4502);
  line.clock.pass(60_000);
  expect(status(line)).toEqual({ status: "stopped", code: 4502 });

  await line.wake();

  expect(line.peers).toHaveLength(2);
});

it("waits as long as a draining server asks for", async () => {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome();

  await peer.close(4000, '{"retry_ms": 3210}');

  expect(status(line)).toEqual({ status: "waiting", retryAt: line.clock.now() + 3210 });
});

it("gets a fresh token first when the old one has expired", async () => {
  const line = dial();
  await (await line.peer()).close(4005);

  line.clock.pass(0);
  await settled();

  expect(line.tokens).toEqual([false, true]);
  expect(line.peers).toHaveLength(2);
});

it("stays away when it is told to, until it is asked to try again", async () => {
  const line = dial();
  await (await line.peer()).close(4503);

  line.clock.pass(60_000);
  await line.wake();
  expect(status(line)).toEqual({ status: "stopped", code: 4503 });
  expect(line.peers).toHaveLength(1);

  line.client.reconnect();
  await line.peer();
  expect(line.peers).toHaveLength(2);
});

it("stops when there is no token to be had, and tries again when the server was only away", async () => {
  const signedOut = dial({ getToken: () => Promise.reject(new TokenRefused("Sign in again.")) });
  const unreachable = dial({ getToken: () => Promise.reject(new TypeError("Failed to fetch")) });
  await settled();

  expect(status(signedOut)).toEqual({ status: "stopped", code: 4500 });
  expect(status(unreachable).status).toBe("waiting");
});

it("rejects what was under way when the line breaks, and what is asked without one", async () => {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome();
  const underWay = line.client.command("claim", { conversation: "c1" });
  await peer.close(1006);

  await expect(underWay).rejects.toMatchObject({ code: "lost" });
  await expect(line.client.command("claim", { conversation: "c1" })).rejects.toMatchObject({ code: "offline" });
});

it("tells who holds a conversation when a claim comes too late", async () => {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome();
  const claim = line.client.command("claim", { conversation: "c1" });
  const state = { control: "human", agent: { id: "a2", name: "Ben" }, since: 4, open_answer: null };

  await peer.refuse("claim", { code: "already_claimed", message: "Ben is in charge of this conversation.", state });

  await expect(claim).rejects.toMatchObject({ code: "already_claimed", state });
});

it.each([
  [1001, "reconnect"],
  [1006, "reconnect"],
  [1008, "stop"],
  [1009, "stop"],
  [1012, "reconnect"],
  [4000, "reconnect"],
  [4002, "reconnect"],
  [4005, "fresh_token"],
  [4499, "reconnect"],
  [4500, "stop"],
  [4506, "stop"],
  [4777, "stop"],
] as const)("after %i: %s", (code, expected) => {
  expect(afterClose(code)).toBe(expected);
});

it("finds retry_ms in the reason, however it is written", () => {
  expect([retryAfter('{"retry_ms":250}'), retryAfter("drain retry_ms=90"), retryAfter("bye")]).toEqual([250, 90, null]);
});

it("takes the seconds of Retry-After where there is nothing more exact", () => {
  expect(retryAfter('{"retry_ms":250}', "1")).toBe(250);
  expect(retryAfter('{"retry_ms":null}', "12")).toBe(12_000);
  expect(retryAfter("<h1>Busy</h1>", "Wed, 04 Mar 2026 12:00:00 GMT")).toBeNull();
});
