import type { ConversationSnapshot, ConversationStore, Event, Item } from "@havana/protocol";
import { createContext, useContext, useEffect, useState } from "react";

import { useVisits } from "../shell/route";

/** The item that somebody was led to, by its id. */
const MarkedContext = createContext<string | null>(null);
export const Marked = MarkedContext.Provider;

/** Whether this is where somebody was led to. */
export function useIsMarked(item: string): boolean {
  return useContext(MarkedContext) === item;
}

/**
 * Leads to a place in the log: loads what lies between it and the end, and goes there, each time somebody is led here.
 * Answers with the item that stands there.
 */
export function usePlace(
  at: number | null,
  store: ConversationStore,
  { events, items, hasEarlier, loadingEarlier }: ConversationSnapshot,
  toItem: (id: string) => void,
): string | null {
  const visits = useVisits();
  const [led, setLed] = useState(-1);
  const isThere = at !== null && ((events[0]?.seq ?? Infinity) <= at || !hasEarlier);
  const item = isThere ? itemAt(items, events, at) : null;

  useEffect(() => {
    // A failed page is asked for again once the connection is back: the snapshot changes then.
    if (at !== null && !isThere && !loadingEarlier) store.earlier().catch(() => undefined);
  }, [at, isThere, loadingEarlier, store, events]);

  useEffect(() => {
    if (item === null || led === visits) return;
    setLed(visits);
    toItem(item);
  }, [item, led, visits, toItem]);
  return item;
}

/** What stands at this place; of what is not shown, such as the end of an answer, what it belongs to or what is before it. */
export function itemAt(items: readonly Item[], events: readonly Event[], at: number): string | null {
  const event = events.find(({ seq }) => seq === at)?.id;
  const itself = items.find((item) => item.seq === at || ("event" in item && item.event !== null && item.event === event));
  return (itself ?? items.findLast(({ seq }) => seq !== null && seq < at) ?? items[0])?.id ?? null;
}
