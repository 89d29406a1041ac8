import type { Author, Event, Item } from "@havana/protocol";

import type { RoutedItem } from "./routed";
import type { ToolItem } from "./toolCalls";

type Placed = ToolItem | RoutedItem;

/** What a machine made of the conversation for whoever takes over. */
export type Brief = Extract<Event, { kind: "summarised" }>;

/** A hand-over as the team reads it: why, the assistant's own note, and the summary, which comes a moment later. */
export type Handover = Readonly<{
  kind: "handover";
  id: string;
  seq: number | null;
  at: string;
  author: Author;
  /** Null where the log has no reason: the visitor pressed the button, or a person simply took over. */
  reason: string | null;
  summary: string;
  redacted: boolean;
  brief: Brief | null;
}>;

export type Shown = Exclude<Item, { kind: "handover" }> | Handover;

/** The items with one card for each hand-over, under the change that it belongs to, wherever its parts stand in the log. */
export function withHandovers(items: readonly (Item | Placed)[], events: readonly Event[]): (Shown | Placed)[] {
  const briefs = new Map(briefsOf(events).map((brief) => [brief.handover, brief]));
  const shown: (Shown | Placed)[] = [];
  for (const item of items) {
    if (item.kind !== "handover") {
      shown.push(item);
      const brief = item.kind === "change" && item.seq !== null ? briefs.get(item.seq) : undefined;
      if (brief) shown.push({ ...whereItStands(brief), kind: "handover", reason: null, summary: "", redacted: false, brief });
      continue;
    }
    const last = shown.at(-1);
    const brief = last?.kind === "handover" && last.reason === null ? last.brief : null;
    if (brief) shown.pop();
    shown.push({ ...item, brief });
  }
  return shown;
}

/** The summaries in the log. A redaction of anything empties those before it, for they may repeat it. */
export function briefsOf(events: readonly Event[]): Brief[] {
  const redaction = events.findLast((event) => event.kind === "redacted")?.seq ?? 0;
  return events.flatMap((event) =>
    event.kind === "summarised" ? [{ ...event, redacted: event.redacted === true || event.seq < redaction }] : [],
  );
}

function whereItStands({ id, seq, at, author }: Brief) {
  return { id, seq, at, author };
}
