import type { Looker } from "@havana/protocol";

import { words } from "../words";

/** What a colleague does at this conversation, in words. */
export function doing({ name, writing }: Looker): string {
  const say = words.presence;
  return writing === null ? say.looking(name) : say[writing](name);
}

/** Those who write come first: a reply, then a note, then those who only look. */
export function byUrgency(lookers: readonly Looker[]): readonly Looker[] {
  return [...lookers].sort((a, b) => urgency(b) - urgency(a));
}

function urgency({ writing }: Looker): number {
  return writing === "reply" ? 2 : writing === "note" ? 1 : 0;
}
