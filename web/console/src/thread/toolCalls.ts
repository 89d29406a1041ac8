import type { Author, Event } from "@havana/protocol";

/** A call of one of the site's tools, put together of what the log says about it. */
export interface ToolCall {
  id: string;
  tool: string;
  arguments: Readonly<Record<string, unknown>>;
  /** Until when somebody may allow it; null for one that needs nobody's leave. */
  until: string | null;
  decision: { allowed: boolean; by: Author; at: string; reason: string | null } | null;
  outcome: "done" | "failed" | "unknown" | null;
  result: string;
  redacted: boolean;
}

/** Where a call stands in the thread: where it was asked for, or begun. */
export type ToolItem = Readonly<{ kind: "tool"; id: string; seq: number; at: string; author: Author; call: ToolCall }>;

type ToolEvent = Extract<Event, { call: string }>;

/** The calls that the loaded log tells of, in the order in which they began. */
export function toolItemsOf(events: readonly Event[]): ToolItem[] {
  const items = new Map<string, ToolItem>();
  for (const event of events) {
    if (!isAboutCall(event)) continue;
    const known = items.get(event.call) ?? begun(event);
    items.set(event.call, { ...known, call: after(known.call, event) });
  }
  // Whatever is redacted, what the calls say is emptied, too.
  const emptied = events.findLast((event) => event.kind === "redacted")?.seq ?? 0;
  return [...items.values()].map((item) => (item.seq < emptied ? { ...item, call: empty(item.call) } : item));
}

/** The items with others, of which each has its place in the log, where these belong. */
export function withPlaced<I extends { seq: number | null }, P extends { seq: number }>(items: readonly I[], others: readonly P[]): (I | P)[] {
  const merged: (I | P)[] = [];
  let next = 0;
  for (const item of items) {
    for (let other = others[next]; other && item.seq !== null && other.seq < item.seq; other = others[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(item);
  }
  // Above our own words that are still on their way.
  const sent = merged.findLastIndex((item) => item.seq !== null) + 1;
  return [...merged.slice(0, sent), ...others.slice(next), ...merged.slice(sent)];
}

/** Whether somebody of the team has to decide about it. */
export function isWaiting(call: ToolCall): boolean {
  return call.until !== null && call.decision === null && call.outcome === null;
}

function isAboutCall(event: Event): event is ToolEvent {
  return "call" in event;
}

function begun({ call, tool, seq, at, author }: ToolEvent): ToolItem {
  const bare = { arguments: {}, until: null, decision: null, outcome: null, result: "", redacted: false };
  return { kind: "tool", id: `call ${call}`, seq, at, author, call: { id: call, tool, ...bare } };
}

function after(call: ToolCall, event: ToolEvent): ToolCall {
  const { author: by, at } = event;
  switch (event.kind) {
    case "tool_requested":
      return { ...call, arguments: event.arguments, until: event.expires_at, redacted: event.redacted ?? false };
    case "tool_allowed":
      return { ...call, decision: { allowed: true, by, at, reason: null } };
    case "tool_refused":
      return { ...call, decision: { allowed: false, by, at, reason: event.reason } };
    case "tool_started":
      return event.answer === null ? call : { ...call, arguments: event.arguments, redacted: event.redacted ?? false };
    case "tool_finished": {
      const told = call.until === null && Object.keys(call.arguments).length === 0 ? event.arguments : call.arguments;
      return { ...call, arguments: told, outcome: event.outcome, result: event.result, redacted: event.redacted ?? call.redacted };
    }
  }
}

function empty(call: ToolCall): ToolCall {
  return { ...call, arguments: {}, result: "", redacted: true };
}
