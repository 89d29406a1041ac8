import { useSyncExternalStore } from "react";

/** One timer for all clocks that show the same unit, so that they turn over together. */
function ticker(everyMs: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      timer ??= setInterval(() => {
        for (const tell of listeners) tell();
      }, everyMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    getSnapshot: () => Math.floor(Date.now() / everyMs),
  };
}

const second = ticker(1_000);
const halfMinute = ticker(30_000);

/** Renders again each second: for clocks that run. */
export function useSecond(): void {
  useSyncExternalStore(second.subscribe, second.getSnapshot);
}

/** Renders again twice a minute: for "4 min" and the names of days. */
export function useHalfMinute(): void {
  useSyncExternalStore(halfMinute.subscribe, halfMinute.getSnapshot);
}
