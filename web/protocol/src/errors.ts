import type { ErrorCode, State, WireError } from "./frames.gen";

/** `offline`: not sent, there is no connection. `lost`: sent, but the connection ended before the answer. */
export type RefusalCode = ErrorCode | "offline" | "lost";

/** A command that was not carried out. `message` is a sentence for people; `state` how things are instead. */
export class Refused extends Error {
  readonly code: RefusalCode;
  readonly retryMs: number | null;
  readonly state: State | null;

  constructor(code: RefusalCode, message: string, retryMs: number | null = null, state: State | null = null) {
    super(message);
    this.name = "Refused";
    this.code = code;
    this.retryMs = retryMs;
    this.state = state;
  }

  static from(error: WireError): Refused {
    return new Refused(error.code, error.message, error.retry_ms, error.state);
  }
}

/** `getToken` throws this when asking again is pointless: signed out, or no such site. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
}
