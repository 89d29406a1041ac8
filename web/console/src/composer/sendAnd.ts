import type { Connection, ConversationStore, Event, Store } from "@havana/protocol";

import { underway } from "./underway";

/** What may follow a reply. Both are possible after it in every state: whoever replies is in charge. */
export const AFTERWARDS = ["close", "hand_back"] as const;
export type Afterwards = (typeof AFTERWARDS)[number];

/** The reply is stored and the rest was not even asked for: things are not as they were when it was wished for. */
export class NotAsked extends Error {
  readonly why: "wroteMeanwhile" | "lostMeanwhile";

  constructor(why: NotAsked["why"]) {
    super(why);
    this.why = why;
  }
}

/**
 * Says it and, once that is stored, closes or hands back: if the first is refused, the second does not happen.
 *
 * Rejects with why the second was not done. A refused reply does not reject; it shows in the thread, with its way out.
 */
export async function sendAnd(connection: Store<Connection>, store: ConversationStore, text: string, then: Afterwards): Promise<void> {
  const seen = store.getSnapshot().last;
  const { wasLost, stop } = watchOver(connection);
  try {
    await underway.watch(store, store.post(text));
  } catch {
    return;
  } finally {
    stop();
  }
  // What waited for a new connection may come long after the wish.
  if (wasLost()) throw new NotAsked("lostMeanwhile");
  if (then === "close" && visitorSpokeAfter(seen, store.getSnapshot().events)) throw new NotAsked("wroteMeanwhile");
  await store.command(then);
}

function watchOver(connection: Store<Connection>): { wasLost: () => boolean; stop: () => void } {
  let lost = false;
  const stop = connection.subscribe(() => {
    lost ||= connection.getSnapshot().status !== "ready";
  });
  return { wasLost: () => lost, stop };
}

/** Closed over words that nobody has read, a conversation would look answered. */
function visitorSpokeAfter(seq: number, events: readonly Event[]): boolean {
  return events.some((event) => event.seq > seq && event.kind === "message_posted" && event.author.role === "visitor");
}

/** What this press of Enter means; null if it begins a new line. */
export function meaningOf(event: Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "getModifierState">): "send" | Afterwards | null {
  const withMod = event.ctrlKey || event.metaKey;
  // On some keyboards the key for "@" counts as Ctrl and Alt, and may still be down.
  const withAlt = event.altKey && !event.getModifierState("AltGraph");
  if (withMod && event.shiftKey && !withAlt) return "close";
  if (withMod && withAlt && !event.shiftKey) return "hand_back";
  return event.shiftKey ? null : "send";
}
