import { vi } from "vitest";

/** A server that never answers, in the place of `fetch`; what it returns lets the time for an answer run out. */
export function neverAnswered(): () => void {
  const late = new AbortController();
  vi.spyOn(AbortSignal, "timeout").mockReturnValue(late.signal);
  vi.stubGlobal("fetch", (_: string, { signal }: { signal: AbortSignal }) => {
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        reject(new DOMException("Too late.", "TimeoutError"));
      });
    });
  });
  return () => {
    late.abort();
  };
}
