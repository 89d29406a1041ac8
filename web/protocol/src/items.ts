import type { ChangeEvent, Item, Pending } from "./api";
import type { LiveDraft } from "./conversation";
import type { Author, Event } from "./frames.gen";

/** The log as a reader sees it: answers where they started, no trace of superseded ones, redacted words emptied. */
export function itemsOf(events: readonly Event[]): readonly Item[] {
  const redacted = new Set(events.flatMap((event) => (event.kind === "redacted" ? [event.event] : [])));
  const finished = new Map(
    events.flatMap((event) => (event.kind === "answer_finished" ? [[event.answer, event] as const] : [])),
  );
  const started = new Set<string>();
  return events.flatMap((event): Item[] => {
    if (event.kind === "answer_started") {
      started.add(event.answer);
      return answer(event, event.answer, finished.get(event.answer), redacted);
    }
    // Its start is further up than what is loaded.
    if (event.kind === "answer_finished") {
      return started.has(event.answer) ? [] : answer(event, event.answer, event, redacted);
    }
    const item = itemOf(event, redacted.has(event.id));
    return item === null ? [] : [item];
  });
}

/** The items with the open answer's words so far, and with our own messages that are still on their way. */
export function withLive(
  items: readonly Item[],
  draft: LiveDraft | null,
  pending: readonly Pending[],
  you: Author,
): readonly Item[] {
  const stored = new Set(items.map(({ id }) => id));
  const written = draft === null ? items : items.map((item) => (isDraft(item, draft) ? { ...item, text: draft.text } : item));
  const echoes = pending.filter((entry) => entry.do === "post" && !stored.has(entry.key));
  return echoes.length === 0 ? written : [...written, ...echoes.map((entry) => echo(entry, you))];
}

function isDraft(item: Item, draft: LiveDraft): item is Extract<Item, { kind: "answer" }> {
  return item.kind === "answer" && item.outcome === null && item.answer === draft.answer;
}

function answer(
  at: Event,
  id: string,
  end: Extract<Event, { kind: "answer_finished" }> | undefined,
  redacted: ReadonlySet<string>,
): Item[] {
  const { seq, author } = at;
  if (end === undefined) {
    const open = { event: null, text: "", outcome: null, sources: [], redacted: false };
    return [{ kind: "answer", id, answer: id, seq, at: at.at, author, ...open }];
  }
  const emptied = redacted.has(end.id);
  if (end.outcome === "superseded" || (end.text === "" && !emptied)) return [];
  const told = emptied ? { text: "", sources: [] } : { text: end.text, sources: end.sources };
  const { outcome } = end;
  return [{ kind: "answer", id, answer: id, seq, at: end.at, author, event: end.id, outcome, redacted: emptied, ...told }];
}

function itemOf(event: Event, redacted: boolean): Item | null {
  const { id, seq, at, author } = event;
  const place = { id, seq, at, author };
  switch (event.kind) {
    case "message_posted":
      return {
        ...place,
        // The key is older than the event: so the bubble keeps its identity when the echo becomes the message.
        id: event.key ?? id,
        kind: "message",
        text: redacted ? "" : event.text,
        event: id,
        offers: event.offers ?? [],
        status: "sent",
        key: null,
        error: null,
        redacted,
      };
    case "note_posted":
      return { ...place, kind: "note", text: redacted ? "" : event.text, event: id, redacted };
    case "call_offered":
      return { ...place, kind: "call", url: event.url };
    case "contact_left": {
      const who = redacted ? { name: "", email: "" } : { name: event.name, email: event.email };
      return { ...place, kind: "contact", ...who, redacted };
    }
    case "rated":
      return { ...place, kind: "rating", score: event.score, text: redacted ? "" : event.text, redacted };
    case "handover_noted":
      return { ...place, kind: "handover", reason: event.reason, summary: redacted ? "" : event.summary, redacted };
    default:
      return isChange(event) ? { ...place, kind: "change", change: event } : null;
  }
}

const CHANGES: ReadonlySet<string> = new Set<ChangeEvent["kind"]>([
  "human_requested",
  "request_withdrawn",
  "claimed",
  "transferred",
  "returned_to_queue",
  "handed_back",
  "closed",
  "reopened",
]);

function isChange(event: Event): event is ChangeEvent {
  return CHANGES.has(event.kind);
}

function echo({ key, text, at, status, error }: Pending, you: Author): Item {
  const bare = { event: null, offers: [], redacted: false };
  return { kind: "message", id: key, seq: null, at, author: you, text, status, key, error, ...bare };
}
