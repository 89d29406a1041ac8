const SAFE = new Set(["http:", "https:", "mailto:"]);

/**
 * The address a link may lead to, or null.
 *
 * Parsed the way a browser parses it, so that `java\tscript:` and its relatives are seen for what they are.
 * Relative addresses are refused: words in a chat have no page of their own to be relative to.
 */
export function safeHref(href: string): string | null {
  try {
    const url = new URL(href);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export type Piece = { text: string } | { text: string; href: string };

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\u200b\u202a-\u202e\u2066-\u2069]+/gi;

/** Plain words cut into text and the web addresses in them; the pieces join to exactly the same words. */
export function linkify(words: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of words.matchAll(ADDRESS)) {
    const text = withoutTrailingMarks(found[0]);
    const href = safeHref(text);
    if (href === null) continue;
    if (found.index > end) pieces.push({ text: words.slice(end, found.index) });
    pieces.push({ text, href });
    end = found.index + text.length;
  }
  if (end < words.length) pieces.push({ text: words.slice(end) });
  return pieces;
}

/** "(see https://example.org/a)." ends before the bracket, "…/a_(b)" does not. */
function withoutTrailingMarks(address: string): string {
  let text = address;
  for (;;) {
    const last = text.at(-1) ?? "";
    const unbalanced = last === ")" && text.split(")").length > text.split("(").length;
    if (!unbalanced && !".,;:!?*_…]}".includes(last)) return text;
    text = text.slice(0, -1);
  }
}
