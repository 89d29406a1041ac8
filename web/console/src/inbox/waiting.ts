import type { Summary } from "@havana/protocol";

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
