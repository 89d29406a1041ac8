import type { ClientOptions } from "../src/client";
import type { Author, Event, Push, Summary, Welcome } from "../src/frames.gen";
import { createAgentClient } from "../src/inbox";
import type { Wire } from "../src/socket";
import { ManualClock, settled } from "./clock";
import { ANA, ROSA } from "./log";

type Frame = Record<string, unknown> & { id?: number; do?: string };

/** The server's end of one connection, played by a test. */
export class Peer {
  readonly url: string;
  readonly protocol: string;
  /** Frames that the client sent and the test has not taken yet. */
  readonly inbox: Frame[] = [];
  closedWith: number | null = null;
  readonly wire: Wire = {
    send: (frame) => this.inbox.push(JSON.parse(frame) as Frame),
    close: (code) => {
      this.closedWith = code ?? 1005;
    },
    onopen: null,
    onmessage: null,
    onclose: null,
  };

  constructor(url: string, protocol: string) {
    this.url = url;
    this.protocol = protocol;
  }

  /** The next frame from the client, which must be this command. */
  async expect(name: string): Promise<Frame> {
    await settled();
    const frame = this.inbox.shift();
    if (frame?.do !== name) throw new Error(`expected ${name}, got ${JSON.stringify(frame)}`);
    return frame;
  }

  async answer(name: string, ok: unknown): Promise<Frame> {
    const frame = await this.expect(name);
    await this.say({ id: frame.id, ok });
    return frame;
  }

  async refuse(name: string, error: Record<string, unknown>): Promise<void> {
    const { id } = await this.expect(name);
    await this.say({ id, error: { message: "", retry_ms: null, state: null, ...error } });
  }

  push(...pushes: Push[]): Promise<void> {
    return this.say(...pushes);
  }

  async say(...frames: unknown[]): Promise<void> {
    this.wire.onmessage?.({ data: frames.map((frame) => JSON.stringify(frame)).join("\n") });
    await settled();
  }

  async close(code: number, reason = ""): Promise<void> {
    this.wire.onclose?.({ code, reason });
    await settled();
  }

  /** Accepts the connection; returns the client's hello. */
  async hello(): Promise<Frame> {
    await settled();
    this.wire.onopen?.();
    return this.expect("hello");
  }

  /** Answers the hello, for which it accepts the connection unless that was done; returns the hello. */
  async welcome(fields: Partial<Welcome> = {}, you: Author = ROSA, accepted?: Frame): Promise<Frame> {
    const hello = accepted ?? (await this.hello());
    const bare = { v: 1, session: "s1", ping_ms: 25_000, limits: { text: 8000 }, current: null, following: [] };
    await this.say({ id: hello.id, ok: { ...bare, you, now: "2026-03-03T12:00:00Z", ...fields } });
    return hello;
  }
}

export function push(event: Event, conversation = "c1") {
  return { push: "event", conversation, event } as const;
}

export function summary(conversation: string, fields: Partial<Summary> = {}): Summary {
  return {
    conversation,
    visitor: { id: "v1", name: "Rosa" },
    state: { control: "ai", agent: null, since: 0, open_answer: null },
    preview: "",
    at: "2026-03-03T12:00:00Z",
    seq: 1,
    unread: 0,
    waiting_since: null,
    approval_until: null,
    labels: [],
    team: null,
    site: "s1",
    answer_until: null,
    ...fields,
  };
}

/** A client, and the server's ends of all the connections that it makes. */
export function dial(options: Partial<ClientOptions> = {}) {
  const clock = new ManualClock();
  const peers: Peer[] = [];
  const tokens: boolean[] = [];
  let wake: () => void = () => undefined;
  const client = createAgentClient({
    url: "wss://example.org/live",
    client: "test/1",
    clock,
    getToken: (expired) => {
      tokens.push(expired);
      return Promise.resolve(`token ${String(tokens.length)}`);
    },
    connect: (url, protocol) => {
      const peer = new Peer(url, protocol);
      peers.push(peer);
      return peer.wire;
    },
    onWake: (listener) => {
      wake = listener;
      return () => undefined;
    },
    ...options,
  });
  /** The latest connection, once it is there. */
  const peer = async (): Promise<Peer> => {
    await settled();
    const latest = peers.at(-1);
    if (latest === undefined) throw new Error("the client has not connected");
    return latest;
  };
  const awake = async (): Promise<void> => {
    wake();
    await settled();
  };
  return { client, clock, peers, tokens, peer, wake: awake };
}

/** An agent who has said hello. */
export async function agent() {
  const line = dial();
  const peer = await line.peer();
  await peer.welcome({}, ANA);
  return { ...line, first: peer };
}

/** Breaks the line and lets the client make a new one. */
export async function again(line: { clock: { pass: (ms: number) => void }; peer: () => Promise<Peer> }): Promise<Peer> {
  await (await line.peer()).close(1006);
  line.clock.pass(20_000);
  return line.peer();
}
