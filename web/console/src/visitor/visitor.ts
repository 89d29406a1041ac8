import type { Event } from "@havana/protocol";

export interface Contact {
  id: string;
  name: string;
  email: string;
}

/** How the visitor can be reached: what they left, newest first, without what was removed or left twice. */
export function contactsOf(events: readonly Event[]): Contact[] {
  const removed = new Set(events.flatMap((event) => (event.kind === "redacted" ? [event.event] : [])));
  const contacts: Contact[] = [];
  for (const event of events.toReversed()) {
    if (event.kind !== "contact_left" || event.redacted || removed.has(event.id)) continue;
    const known = contacts.some(({ name, email }) => name === event.name && email === event.email);
    if (!known) contacts.push({ id: event.id, name: event.name, email: event.email });
  }
  return contacts;
}

/** The latest calls that were asked for or offered, newest first. */
export function callsOf(events: readonly Event[]): Event[] {
  return events.filter(({ kind }) => kind === "call_offered").toReversed().slice(0, 3);
}

/** Whether the log's last word about it is that the visitor was blocked. */
export function closedByBlock(events: readonly Event[]): boolean {
  const last = events.findLast((event) => event.kind === "closed" || event.kind === "reopened");
  return last?.kind === "closed" && last.reason === "blocked";
}
