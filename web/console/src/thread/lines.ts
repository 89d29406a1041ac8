import type { ChangeEvent, Event, HandoverReason } from "@havana/protocol";

import { words } from "../words";
import { briefsOf, type Brief } from "./handover";
import type { Fact } from "./rows";
import type { ToolCall } from "./toolCalls";

/** A change of control in words: who, and why where that is known. */
export function changeLine(change: ChangeEvent): string {
  const say = words.change;
  const who = change.author.name || words.someone;
  switch (change.kind) {
    case "human_requested":
      if (change.by === "visitor") return say.asked(who);
      return change.by === "assistant" ? say.askedByAssistant : say.askedBySystem;
    case "request_withdrawn":
      return say.withdrawn(who);
    case "claimed":
      // A newer server may know more ways to choose somebody.
      if (change.assigned) return say.assigned(change.agent.name, say.how[change.assigned.how] ?? say.byItself);
      return say.claimed(change.agent.name);
    case "transferred":
      return say.transferred(change.from.name, change.to.name);
    case "returned_to_queue":
      if (change.reason === "not_answered") return say.notAnswered;
      return change.reason === "agent_gone" ? say.agentGone : say.returned(who);
    case "handed_back":
      return say.handedBack(who);
    case "closed":
      if (change.reason === "idle") return say.closedIdle;
      return change.reason === "blocked" ? say.closedBlocked(who) : say.closed(who);
    case "reopened":
      return say.reopened(who);
  }
}

/** The line of anything that happened, except the hand-over note, which is a card. */
export function factLine(item: Exclude<Fact, { kind: "handover" }>): string {
  if (item.kind === "change") return changeLine(item.change);
  if (item.kind === "routed") {
    const who = item.author.name || words.someone;
    return item.team === null ? words.change.routedToAll(who) : words.change.routed(who, item.team);
  }
  if (item.kind === "contact") {
    const { role, name } = item.author;
    return role === "assistant" ? words.change.contactTaken : words.change.contact(name || words.someone);
  }
  return words.change.rated(item.score);
}

/** What became of a call of a tool: who decided, and what came of it. */
export function toolLine({ tool, decision, outcome }: ToolCall): string {
  const say = words.tool;
  if (decision?.allowed === false) {
    return decision.reason === "refused" ? say.refused(decision.by.name, tool) : say.notDone(tool, decision.reason ?? "");
  }
  const begun = decision ? say.allowed(decision.by.name, tool) : say.used(tool);
  return `${begun}${outcome ? say.outcome[outcome] : say.running}`;
}

/** Why the assistant handed over, in a sentence. Reasons that this page does not know yet get a general one. */
export function reasonLine(reason: string): string {
  return (REASONS as Record<string, string>)[reason] ?? words.handover.other;
}

const REASONS: Record<HandoverReason, string> = {
  asked: words.handover.asked,
  cannot_answer: words.handover.cannot_answer,
  frustrated: words.handover.frustrated,
  policy: words.handover.policy,
  tool_failure: words.handover.tool_failure,
  model_failure: words.handover.model_failure,
};

/** Whether the assistant's own note says something that the summary does not: what is out of order, say. */
export function needsNote(reason: string | null, brief: Brief | null): boolean {
  return brief === null || (brief.redacted ?? false) || reason === "model_failure" || reason === "tool_failure";
}

/** The name of the language with this tag, "" if it is none. */
export function languageName(tag: string): string {
  try {
    return tag === "" ? "" : (LANGUAGES.of(tag) ?? "");
  } catch {
    return "";
  }
}

const LANGUAGES = new Intl.DisplayNames("en", { type: "language" });

/** Why a person was called for last, as far as the loaded log says; null if nobody was. */
export function lastHandover(events: readonly Event[]): { why: string; summary: string } | null {
  const asked = events.findLastIndex((event) => event.kind === "human_requested");
  const request = events[asked];
  if (request?.kind !== "human_requested") return null;
  const note = events.slice(asked).find((event) => event.kind === "handover_noted");
  const brief = briefsOf(events).find(({ handover }) => handover === request.seq) ?? null;
  const redacted = note?.redacted ?? events.some((event) => event.kind === "redacted" && event.event === note?.id);
  if (note && !redacted) return { why: reasonLine(note.reason), summary: needsNote(note.reason, brief) ? note.summary : "" };
  return { why: request.by === "visitor" ? words.handover.button : words.handover.other, summary: "" };
}
