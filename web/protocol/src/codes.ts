import { CLOSED_TOKEN_EXPIRED, STAY_AWAY } from "./frames.gen";

/** What to do when the connection was closed with this code (`docs/protocol.md`). */
export type AfterClose = "reconnect" | "fresh_token" | "stop";

export function afterClose(code: number): AfterClose {
  if (code === CLOSED_TOKEN_EXPIRED) return "fresh_token";
  // The range tells what a code means that is newer than this page.
  return STAY_AWAY.has(code) || (code >= 4500 && code <= 4999) ? "stop" : "reconnect";
}

/**
 * The milliseconds after which the server wants us back: the `retry_ms` in a close reason or a body, as JSON or as
 * `retry_ms=…`, else a `Retry-After` in seconds, which is all that a proxy says.
 */
export function retryAfter(words: string, header: string | null = null): number | null {
  const found = /retry_ms"?\s*[:=]\s*(\d{1,7})/.exec(words)?.[1];
  if (found !== undefined) return Number(found);
  return header !== null && /^\d{1,4}$/.test(header) ? Number(header) * 1000 : null;
}
