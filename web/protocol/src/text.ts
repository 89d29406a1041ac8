export type TextProblem = "empty" | "too_long";

/** What the server would say about `text`, asked before it is queued; null if nothing is wrong. `limit` in code points. */
export function checkText(text: string, limit: number): TextProblem | null {
  const trimmed = text.trim();
  if (trimmed === "") return "empty";
  return codePoints(trimmed) > limit ? "too_long" : null;
}

/** The length that the wire counts in: an emoji is one or more code points, never half of one. */
export function codePoints(text: string): number {
  // A point beyond the first 65,536 is two units of a string, the first of them a high surrogate.
  const pairs = text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0;
  return text.length - pairs;
}

/** `text` without its first `count` code points. */
export function afterCodePoints(text: string, count: number): string {
  let units = 0;
  for (const point of text) {
    if (count === 0) break;
    units += point.length;
    count -= 1;
  }
  return text.slice(units);
}
