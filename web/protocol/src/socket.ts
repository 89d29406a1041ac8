import type { Connection } from "./api";
import type { Clock } from "./clock";
import { afterClose, retryAfter } from "./codes";
import { Refused, TokenRefused } from "./errors";
import { CLOSED_BAD_TOKEN, CLOSED_NO_HELLO, CLOSED_NO_PONG, SUBPROTOCOL, VERSION } from "./frames.gen";
import type { CommandName, Commands, Position, Push, Reply, Welcome } from "./frames.gen";
import { Cell } from "./store";

/** No sign of life for this long ends a connection. */
const DEAD_AFTER_MS = 35_000;
/** An attempt that nothing was heard of for so long is worth a new one when the network or the reader comes back. */
const HANGING_MS = 2000;
/** So old a sign of life proves nothing to somebody who comes back: one is asked for, */
const QUIET_MS = 5000;
/** and has to come within this time. */
const PROBE_MS = 5000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_LAST_MS = 20_000;

/** As much of the browser's WebSocket as is needed. */
export interface Wire {
  send(frame: string): void;
  close(code?: number, reason?: string): void;
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}

export interface SocketOptions {
  readonly url: string;
  readonly client: string;
  /** `expired` is true when the last one was refused as too old. See `ClientOptions` for what it may throw. */
  readonly getToken: (expired: boolean) => Promise<string>;
  readonly following: () => readonly Position[];
  readonly connect: (url: string, protocol: string) => Wire;
  readonly clock: Clock;
  readonly onWelcome: (welcome: Welcome) => void;
  readonly onPush: (push: Push) => void;
}

interface Waiting {
  readonly resolve: (ok: unknown) => void;
  readonly reject: (error: Refused) => void;
}

/** One live connection, made again whenever it breaks. Commands are answered or rejected, never left hanging. */
export class Socket {
  readonly state = new Cell<Connection>({ status: "connecting" });
  readonly #options: SocketOptions;
  readonly #waiting = new Map<number, Waiting>();
  #wire: Wire | null = null;
  #attempt = 0;
  #failures = 0;
  #lastId = 0;
  #heardAt = 0;
  #probedAt = 0;
  /** Until when the server asked us to stay away. */
  #notBefore = 0;
  #tokenExpired = false;
  #welcomed = false;
  #cancelTimer: () => void = () => undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  /** Connects; also after it had stopped. */
  start(): void {
    if (this.#wire === null) void this.#connect();
  }

  /** The network or the reader came back: no waiting any longer, and no trust in a line that slept too. */
  wake(): void {
    const connection = this.state.getSnapshot();
    const silence = this.#silence();
    switch (connection.status) {
      case "waiting":
        if (this.#options.clock.now() >= this.#notBefore) void this.#connect();
        break;
      case "connecting":
        if (silence >= HANGING_MS) this.restart();
        break;
      case "ready":
        if (silence >= DEAD_AFTER_MS) this.restart();
        else if (silence >= QUIET_MS) this.#probe();
        break;
      case "stopped":
        // Our hello was lost on a slow line, which speaks of the line and not of us.
        if (connection.code === CLOSED_NO_HELLO) void this.#connect();
    }
  }

  /** Drops the connection, if any, and makes a new one (with a new token). */
  restart(): void {
    this.#detach(1000);
    void this.#connect();
  }

  stop(): void {
    this.#detach(1000);
    this.state.set({ status: "stopped", code: 1000 });
  }

  /** Sends a command. Without a connection it is rejected at once (`offline`); if it breaks meanwhile, `lost`. */
  request<K extends CommandName>(name: K, fields: Commands[K][0]): Promise<Commands[K][1]> {
    if (!this.#welcomed) {
      return Promise.reject(new Refused("offline", "There is no connection right now."));
    }
    return this.#send(name, fields);
  }

  async #connect(): Promise<void> {
    this.#cancelTimer();
    const attempt = ++this.#attempt;
    this.#heard();
    this.#watch(DEAD_AFTER_MS);
    this.state.set({ status: "connecting" });
    let token: string;
    try {
      token = await this.#options.getToken(this.#tokenExpired);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      this.#cancelTimer();
      if (error instanceof TokenRefused) this.state.set({ status: "stopped", code: CLOSED_BAD_TOKEN });
      else this.#retryLater(error instanceof Refused ? error.retryMs : null);
      return;
    }
    if (attempt !== this.#attempt) return;
    this.#tokenExpired = false;
    this.#open(token);
  }

  #open(token: string): void {
    const wire = this.#options.connect(this.#options.url, SUBPROTOCOL);
    this.#wire = wire;
    this.#heard();
    wire.onopen = () => {
      this.#heard();
      void this.#hello(token);
    };
    wire.onmessage = ({ data }) => {
      this.#heard();
      if (typeof data === "string") for (const line of data.split("\n")) this.#receive(line);
    };
    wire.onclose = ({ code, reason }) => {
      this.#closed(code, reason);
    };
  }

  async #hello(token: string): Promise<void> {
    const { client, following } = this.#options;
    try {
      const welcome = await this.#send("hello", { v: VERSION, token, client, following: following() });
      this.#failures = 0;
      this.#welcomed = true;
      // The welcome is taken in before anybody hears of the connection, so that what follows finds it there.
      this.#options.onWelcome(welcome);
      this.state.set({ status: "ready" });
    } catch {
      this.#wire?.close(1000);
    }
  }

  #send<K extends CommandName>(name: K, fields: Commands[K][0]): Promise<Commands[K][1]> {
    const id = ++this.#lastId;
    return new Promise<Commands[K][1]>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (ok: unknown) => void, reject });
      this.#wire?.send(JSON.stringify({ id, do: name, ...fields }));
    });
  }

  #receive(line: string): void {
    let frame: unknown;
    try {
      frame = JSON.parse(line);
    } catch {
      return;
    }
    if (typeof frame !== "object" || frame === null) return;
    if ("push" in frame) this.#options.onPush(frame as Push);
    else if ("id" in frame) this.#answer(frame as Reply);
    else if (Object.keys(frame).length === 0) this.#wire?.send("{}");
  }

  #answer(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(Refused.from(reply.error));
    else waiting?.resolve(reply.ok);
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.now();
  }

  #silence(): number {
    return this.#options.clock.now() - this.#heardAt;
  }

  /** One timer that looks when it was last heard of, instead of one that is set anew by each frame. */
  #watch(ms: number): void {
    this.#cancelTimer = this.#options.clock.after(ms, () => {
      const left = DEAD_AFTER_MS - this.#silence();
      if (left > 0) this.#watch(left);
      else {
        this.#detach(CLOSED_NO_PONG);
        this.#retryLater(null);
      }
    });
  }

  /** Asks for something of no consequence: whatever comes back is a sign of life. */
  #probe(): void {
    const { clock } = this.#options;
    const now = clock.now();
    if (now - this.#probedAt < PROBE_MS) return;
    this.#probedAt = now;
    this.request("unfollow", { conversation: "nothing" }).catch(() => undefined);
    this.#cancelTimer();
    this.#cancelTimer = clock.after(PROBE_MS, () => {
      if (this.#heardAt < now) this.restart();
      else this.#watch(DEAD_AFTER_MS - this.#silence());
    });
  }

  #closed(code: number, reason: string): void {
    this.#detach(null);
    const next = afterClose(code);
    this.#tokenExpired = next === "fresh_token";
    if (next === "fresh_token" && this.#failures === 0) this.#retryLater(0);
    else if (next !== "stop") this.#retryLater(retryAfter(reason));
    else this.state.set({ status: "stopped", code });
  }

  /** After `retryMs` if the server said so. Else full jitter: anywhere up to the step, so that a thousand clients do not come back together. */
  #retryLater(retryMs: number | null): void {
    const { clock } = this.#options;
    this.#failures += 1;
    const step = Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** this.#failures);
    const ms = retryMs ?? BACKOFF_FIRST_MS + clock.random() * (step - BACKOFF_FIRST_MS);
    this.#notBefore = retryMs === null ? 0 : clock.now() + retryMs;
    this.state.set({ status: "waiting", retryAt: clock.now() + ms });
    this.#cancelTimer();
    this.#cancelTimer = clock.after(ms, () => void this.#connect());
  }

  /** Lets go of the wire without waiting for its close, which on a dead network never comes. */
  #detach(closeCode: number | null): void {
    this.#cancelTimer();
    // A token that is still being asked for comes too late.
    this.#attempt += 1;
    const wire = this.#wire;
    this.#wire = null;
    this.#welcomed = false;
    if (wire !== null) {
      wire.onopen = wire.onmessage = wire.onclose = null;
      if (closeCode !== null) wire.close(closeCode);
    }
    for (const { reject } of this.#waiting.values()) {
      reject(new Refused("lost", "The connection was lost before the answer came."));
    }
    this.#waiting.clear();
  }
}
