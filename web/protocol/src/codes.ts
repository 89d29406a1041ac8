import { CLOSE_CODES, STAY_AWAY } from "./frames.gen";

/** What to do when the connection was closed with this code (`docs/protocol.md`). */
export type AfterClose = "reconnect" | "fresh_token" | "stop";

export function afterClose(code: number): AfterClose {
  if (code === CLOSE_CODES.token_expired) return "fresh_token";
  // The range tells what a code means that is newer than this page.
  return STAY_AWAY.has(code) || (code >= 4500 && code <= 4999) ? "stop" : "reconnect";
}

/** The `retry_ms` that a draining server puts into the close reason, as JSON or as `retry_ms=…`. */
export function retryAfter(reason: string): number | null {
  const found = /retry_ms"?\s*[:=]\s*(\d{1,7})/.exec(reason);
  return found ? Number(found[1]) : null;
}
