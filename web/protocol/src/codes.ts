/** What to do when the connection was closed with this code (`docs/protocol.md`). */
export type AfterClose = "reconnect" | "fresh_token" | "stop";

const STOPS = new Set([1008, 1009]);
const TOKEN_EXPIRED = 4005;

export function afterClose(code: number): AfterClose {
  if (code === TOKEN_EXPIRED) return "fresh_token";
  if (code >= 4500 && code <= 4999) return "stop";
  return STOPS.has(code) ? "stop" : "reconnect";
}

/** The `retry_ms` that a draining server puts into the close reason, as JSON or as `retry_ms=…`. */
export function retryAfter(reason: string): number | null {
  const found = /retry_ms"?\s*[:=]\s*(\d{1,7})/.exec(reason);
  return found ? Number(found[1]) : null;
}
