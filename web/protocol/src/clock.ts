/** Time and chance, so that tests have them in hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `work` after `ms`; returns how to call it off. */
  after(ms: number, work: () => void): () => void;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  random: () => Math.random(),
};
