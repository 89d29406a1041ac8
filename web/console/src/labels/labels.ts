import type { Event } from "@havana/protocol";

export const LONGEST = 40;
export const MOST = 20;
const AT_ONCE = 6;

/** What can be chosen for what was typed. `isNew`: nobody has used it on this site yet. */
export interface Choice {
  label: string;
  isNew: boolean;
}

/** The labels as the loaded part of the log leaves them; null if it says nothing about them. */
export function labelsIn(events: readonly Event[]): readonly string[] | null {
  const last = events.findLast((event) => event.kind === "labelled");
  return last?.kind === "labelled" ? last.labels : null;
}

/** Of the labels in use those that fit, and what was typed itself, unless it is there in other capitals. */
export function choicesFor(typed: string, used: readonly string[], own: readonly string[]): Choice[] {
  const wanted = typed.trim().replaceAll(/\s+/g, " ");
  const others = used.filter((label) => !own.some((one) => same(one, label)));
  const found = others.filter((label) => label.toLowerCase().includes(wanted.toLowerCase()));
  const choices = found.slice(0, AT_ONCE).map((label) => ({ label, isNew: false }));
  const isKnown = wanted === "" || [...others, ...own].some((label) => same(label, wanted));
  return isKnown ? choices : [...choices, { label: wanted, isNew: true }];
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
