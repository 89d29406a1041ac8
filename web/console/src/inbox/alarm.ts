import type { Summary } from "@havana/protocol";

/** How long the people in the queue are left alone before they are announced again. */
export const REPEAT_MS = 20_000;

export interface Alarm {
  /** The conversations that were waiting at the last look. */
  known: readonly string[];
  /** When the tone last rang; null while nobody waits. */
  rangAt: number | null;
}

export const silent: Alarm = { known: [], rangAt: null };

/**
 * Looks at who waits now and says whether to ring.
 *
 * It rings for everyone who joins the queue and again every 20 seconds until the queue is empty, so that a
 * missed tone is not a missed visitor. While muted it keeps looking: unmuting rings for those who still wait
 * at the next repeat, not for each of them at once.
 */
export function look(alarm: Alarm, waiting: readonly string[], now: number, muted: boolean): { alarm: Alarm; ring: boolean } {
  if (waiting.length === 0) return { alarm: silent, ring: false };
  const joined = waiting.some((id) => !alarm.known.includes(id));
  const due = alarm.rangAt === null || now - alarm.rangAt >= REPEAT_MS;
  const ring = joined || due;
  return { alarm: { known: waiting, rangAt: ring ? now : alarm.rangAt }, ring: ring && !muted };
}

/** How much is unread of each of one's own conversations. */
export type Told = ReadonlyMap<string, number>;

/**
 * Whether somebody of one's own has written since the last look, which is told once: unlike who waits for anybody, they
 * know whom they wait for. What was unread when the page was opened is no news; `told` is null then.
 */
export function tell(told: Told | null, unread: readonly Summary[]): { told: Told; news: boolean } {
  return {
    told: new Map(unread.map((summary) => [summary.conversation, summary.unread])),
    news: told !== null && unread.some((summary) => summary.unread > (told.get(summary.conversation) ?? -1)),
  };
}

/** When to look again if nothing happens before; null: only when the queue changes. */
export function nextLook(alarm: Alarm, now: number): number | null {
  return alarm.rangAt === null ? null : Math.max(0, alarm.rangAt + REPEAT_MS - now);
}
