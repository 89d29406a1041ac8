import type { Author, Event } from "@havana/protocol";

/** That somebody had the conversation wait for a team, or for everybody again. */
export type RoutedItem = Readonly<{ kind: "routed"; id: string; seq: number; at: string; author: Author; team: string | null }>;

export function routedItemsOf(events: readonly Event[]): RoutedItem[] {
  return events.flatMap((event) => {
    if (event.kind !== "routed") return [];
    const { id, seq, at, author, team } = event;
    return [{ kind: "routed", id, seq, at, author, team: team?.name ?? null }];
  });
}
