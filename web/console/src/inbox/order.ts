import type { Summary } from "@havana/protocol";

/** `conversations` in the order of `held`, ids as they stood; whoever has come since is last, whoever has gone is left out. */
export function inHeldOrder(conversations: readonly Summary[], held: readonly string[]): readonly Summary[] {
  const rest = new Map(conversations.map((summary) => [summary.conversation, summary]));
  const kept = held.flatMap((id) => {
    const summary = rest.get(id);
    rest.delete(id);
    return summary ? [summary] : [];
  });
  return [...kept, ...rest.values()];
}
