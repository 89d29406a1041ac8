import type { Summary } from "@havana/protocol";

/** How a wait stands to what the team means to keep: the first half of it is calm. */
export type Pace = "calm" | "due" | "over";

/** Where nobody knows the site's own, such as before it was asked for. */
export const TARGET_S = 120;

export function paceOf(since: string, now: number, targetS: number): Pace {
  const waited = now - Date.parse(since);
  if (waited >= targetS * 1000) return "over";
  return waited * 2 >= targetS * 1000 ? "due" : "calm";
}

/** When the wait began; the last activity stands in for it where the server names none. */
export function waitingSince(summary: Summary): string | null {
  return summary.waiting_since ?? summary.at;
}

/** The conversation `by` rows further down (or up, if negative) than `current`; stops at the ends. */
export function neighbour(conversations: readonly Summary[], current: string | null, by: 1 | -1): string | null {
  if (conversations.length === 0) return null;
  const at = conversations.findIndex((summary) => summary.conversation === current);
  if (at === -1) return conversations[0]?.conversation ?? null;
  return (conversations[at + by] ?? conversations[at])?.conversation ?? null;
}
