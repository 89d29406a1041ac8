import type { InboxSnapshot, Item, Summary } from "@havana/protocol";

import type { Colleague } from "../shell/team";

/** The states side by side, in the order in which somebody who leads a shift looks at them. */
export const COLUMNS = ["pending", "human", "ai"] as const;
export type Column = (typeof COLUMNS)[number];

/** As many conversations a column asks for; whoever has more running at once sees the latest. */
export const MOST = 300;

/** What the wall needs of an item: whose words, and whether they are still being written. */
export interface Said {
  id: string;
  who: "visitor" | "assistant" | "agent" | "note";
  /** Who wrote, for the eyes and ears that colours do not reach. */
  name: string;
  text: string;
  writing: boolean;
}

/** A colleague who is on duty, with as many conversations as they hold. */
export interface Load {
  id: string;
  name: string;
  count: number;
}

/** The last words of a conversation, the latest at the end. What was removed, and what only happened, is not there. */
export function lastSaid(items: readonly Item[], most: number): Said[] {
  const said: Said[] = [];
  for (let at = items.length - 1; at >= 0 && said.length < most; at -= 1) {
    const one = saidOf(items[at] as Item);
    if (one) said.unshift(one);
  }
  return said;
}

function saidOf(item: Item): Said | null {
  if (item.kind === "note") return item.redacted ? null : { ...whose(item), who: "note", text: item.text, writing: false };
  if (item.kind === "answer") {
    const writing = item.outcome === null;
    return item.redacted || (item.text === "" && !writing) ? null : { ...whose(item), who: "assistant", text: item.text, writing };
  }
  const { author } = item;
  if (item.kind !== "message" || item.redacted || author.role === "system") return null;
  return { ...whose(item), who: author.role, text: item.text, writing: false };
}

function whose({ id, author }: Item): { id: string; name: string } {
  return { id, name: author.name };
}

/** Who is on duty with how much, the busiest first; who holds nothing by name. */
export function loads(team: readonly Colleague[], held: readonly Summary[]): Load[] {
  const counts = new Map<string, number>();
  for (const { state } of held) {
    if (state.agent) counts.set(state.agent.id, (counts.get(state.agent.id) ?? 0) + 1);
  }
  return team
    .filter((colleague) => colleague.on_duty)
    .map(({ id, name }) => ({ id, name, count: counts.get(id) ?? 0 }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

/** What stands among those who wait stands nowhere else, though somebody may be in charge of it. */
export function without(list: InboxSnapshot, waiting: InboxSnapshot): InboxSnapshot {
  const there = new Set(waiting.conversations.map(({ conversation }) => conversation));
  if (!list.conversations.some(({ conversation }) => there.has(conversation))) return list;
  return { ...list, conversations: list.conversations.filter(({ conversation }) => !there.has(conversation)) };
}
