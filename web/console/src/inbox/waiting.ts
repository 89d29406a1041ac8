import type { Summary } from "@havana/protocol";

/** Those who wait for a person, or for one to allow something, in the order of the inbox: the longest wait first. */
export function waiting(conversations: readonly Summary[]): Summary[] {
  return conversations.filter((summary) => summary.state.control === "pending" || summary.approval_until !== null);
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
