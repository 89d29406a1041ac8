import type { Author, Item } from "@havana/protocol";
import { sameDay } from "@havana/ui";

import type { Handover, Shown } from "./handover";
import type { RoutedItem } from "./routed";
import type { ToolItem } from "./toolCalls";

type Of<K extends Item["kind"]> = Extract<Item, { kind: K }>;

/** What somebody said; stands in a bubble. */
export type Speech = Of<"message"> | Of<"answer"> | Of<"note"> | Of<"call">;

/** What happened; stands as a thin line or a card. */
export type Fact = Of<"change"> | Of<"contact"> | Of<"rating"> | Handover | RoutedItem;

/** Whatever has a place in the thread. */
export type Placed = Shown | ToolItem | RoutedItem;

/** The thread as rows from top to bottom. `key` is stable while an item lives, also when earlier rows are loaded. */
export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "group"; key: string; author: Author; side: "visitor" | "team"; speeches: Speech[] }
  | { kind: "system"; key: string; item: Of<"message"> }
  | { kind: "fact"; key: string; item: Fact }
  | { kind: "tool"; key: string; item: ToolItem };

/** A pause after which the same person's next words begin a group of their own, with its own time. */
const PAUSE_MS = 5 * 60_000;

/** Puts what the same person said in one go together, and days between. */
export function rowsOf(items: readonly Placed[]): Row[] {
  const rows: Row[] = [];
  let before: Placed | undefined;
  for (const item of items) {
    if (!before || !sameDay(before.at, item.at)) rows.push({ kind: "day", key: `day ${item.id}`, at: item.at });
    place(rows, item, before);
    before = item;
  }
  return rows;
}

/** How far the team's latest words have come; null if somebody has said something since, or they were refused. */
export function progress(items: readonly Item[], readByVisitor: number): "sending" | "seen" | null {
  const last = items.findLast((item) => item.kind === "message" && item.author.role !== "system" || item.kind === "answer");
  if (last?.kind !== "message" || last.author.role !== "agent" || last.status === "refused") return null;
  if (last.seq === null) return last.status === "sending" ? "sending" : null;
  return readByVisitor >= last.seq ? "seen" : null;
}

function place(rows: Row[], item: Placed, before: Placed | undefined): void {
  if (item.kind === "tool") {
    rows.push({ kind: "tool", key: item.id, item });
    return;
  }
  if (isFact(item)) {
    rows.push({ kind: "fact", key: item.id, item });
    return;
  }
  if (item.kind === "message" && item.author.role === "system") {
    rows.push({ kind: "system", key: item.id, item });
    return;
  }
  const last = rows.at(-1);
  if (last?.kind === "group" && before && belongsTo(last.author, before, item)) {
    last.speeches.push(item);
    return;
  }
  const side = item.author.role === "visitor" ? "visitor" : "team";
  rows.push({ kind: "group", key: item.id, author: item.author, side, speeches: [item] });
}

function belongsTo(author: Author, before: Placed, item: Speech): boolean {
  return (
    author.role === item.author.role &&
    author.id === item.author.id &&
    (before.kind === "note") === (item.kind === "note") &&
    Date.parse(item.at) - Date.parse(before.at) < PAUSE_MS
  );
}

function isFact(item: Exclude<Placed, ToolItem>): item is Fact {
  return item.kind === "change" || item.kind === "routed" || item.kind === "contact" || item.kind === "rating" || item.kind === "handover";
}
