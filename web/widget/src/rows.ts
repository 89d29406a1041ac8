import type { Item, Offer, Role } from "@havana/protocol";
import { dayName, sameDay } from "@havana/ui";

/** How long a pause may be inside one group of bubbles. */
const GROUP_MS = 5 * 60_000;

export type Speech = Extract<Item, { kind: "message" | "answer" | "call" }>;

/** What stands in the conversation, from top to bottom. */
export type Row =
  | { readonly kind: "day"; readonly id: string; readonly label: string }
  /** Words of the system; `offers` only while they can still be taken up. */
  | { readonly kind: "line"; readonly id: string; readonly at: string; readonly text: string; readonly offers: readonly Offer[] }
  /** Bubbles of one person in a row. */
  | { readonly kind: "group"; readonly id: string; readonly own: boolean; readonly items: readonly Speech[] };

/** Items as rows: a line for each day, one group per turn of speech, system words as lines. */
export function rowsOf(items: readonly Item[], open: readonly Offer[], now: Date): readonly Row[] {
  const rows: Row[] = [];
  const standing = standingOffers(items, open);
  let before: Speech | null = null;
  for (const item of items) {
    if (!isShown(item)) continue;
    if (before === null || !sameDay(before.at, item.at)) {
      rows.push({ kind: "day", id: `day ${item.id}`, label: dayName(item.at, now) });
    }
    const last = rows.at(-1);
    if (item.kind === "message" && item.author.role === "system") {
      const offers = item.id === standing?.id ? standing.offers : [];
      rows.push({ kind: "line", id: item.id, at: item.at, text: item.text, offers });
    } else if (last?.kind === "group" && before !== null && belongs(before, item)) {
      rows[rows.length - 1] = { ...last, items: [...last.items, item] };
    } else {
      rows.push({ kind: "group", id: `group ${item.id}`, own: isOwn(item), items: [item] });
    }
    before = item;
  }
  return rows;
}

/** How far our own latest words have come, if nobody has spoken since. */
export interface Progress {
  /** The item's id. */
  readonly of: string;
  readonly is: "sending" | "sent" | "seen";
}

/** What was refused says so itself, and says nothing of what came before it. */
export function progress(items: readonly Item[], read: Readonly<Partial<Record<Role, number>>>): Progress | null {
  const last = items.findLast((item) => isShown(item) && !isRefused(item));
  if (last?.kind !== "message" || last.author.role !== "visitor") return null;
  if (last.seq === null) return { of: last.id, is: last.status === "sent" ? "sent" : "sending" };
  return { of: last.id, is: Math.max(read.agent ?? 0, read.assistant ?? 0) >= last.seq ? "seen" : "sent" };
}

export function isRefused(item: Item): boolean {
  return item.kind === "message" && item.status === "refused";
}

function isShown(item: Item): item is Speech {
  return item.kind === "message" || item.kind === "answer" || item.kind === "call";
}

/** A call card is ours to give, whoever asked for it. */
export function isOwn(item: Speech): boolean {
  return item.author.role === "visitor" && item.kind !== "call";
}

function belongs(before: Speech, item: Speech): boolean {
  return voice(before) === voice(item) && Date.parse(item.at) - Date.parse(before.at) < GROUP_MS;
}

/** Who is heard: a call that the visitor asked for is offered by the assistant, beside its other words. */
function voice(item: Speech): string {
  const { role, id } = item.author;
  return role === "assistant" || (role === "visitor" && !isOwn(item)) ? "assistant" : `${role} ${id}`;
}

/** Only the latest offer stands, and only as far as nobody has taken it up; what was offered earlier is history. */
function standingOffers(items: readonly Item[], open: readonly Offer[]): { id: string; offers: readonly Offer[] } | null {
  const index = items.findLastIndex((item) => item.kind === "message" && item.offers.length > 0);
  const item = items[index];
  if (item?.kind !== "message") return null;
  const since = items.slice(index + 1);
  // The form is done with once it was sent; a question whether a person is wanted, once anything else was said.
  const isOver = (offer: Offer) =>
    since.some((later) => {
      if (offer === "leave_contact") return later.kind === "contact";
      return offer !== "withdraw_request" && (later.kind === "change" || (isShown(later) && isOwn(later)));
    });
  return { id: item.id, offers: item.offers.filter((offer) => open.includes(offer) && !isOver(offer)) };
}
