import type { CannedAnswer } from "./canned";

/** What is being looked for: from the slash at `start` to the caret. */
export interface Slash {
  readonly start: number;
  readonly query: string;
}

const LONGEST_QUERY = 40;
const SLASH = new RegExp(`(?:^|\\s)/((?:[^\\s/][^\\n/]{0,${String(LONGEST_QUERY - 1)}})?)$`);

/** Whether a word that begins with a slash ends at the caret. In the middle of a word a slash is a slash. */
export function slashAt(text: string, caret: number): Slash | null {
  const [, query] = SLASH.exec(text.slice(0, caret)) ?? [];
  return query === undefined ? null : { start: caret - query.length - 1, query };
}

/** Those that have all words of the query; whose name begins with it come first. */
export function matching(answers: readonly CannedAnswer[], query: string): readonly CannedAnswer[] {
  const wanted = plain(query).trim();
  const words = wanted.split(/\s+/);
  if (wanted === "") return answers;
  return answers
    .filter(({ name, text }) => words.every((word) => plain(`${name}\n${text}`).includes(word)))
    .map((answer) => ({ answer, rank: rankOf(plain(answer.name), wanted, words[0] ?? "") }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ answer }) => answer);
}

function rankOf(name: string, wanted: string, word: string): number {
  if (name.startsWith(wanted)) return 0;
  if (name.split(/\s+/).some((part) => part.startsWith(word))) return 1;
  return name.includes(word) ? 2 : 3;
}

/** As one types it in a hurry: without capitals and accents. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export interface Values {
  /** As the visitor has given it; null if they have not. What we call them meanwhile is no name to greet them by. */
  visitor: string | null;
  agent: string;
  site: string;
}

/**
 * The text with names put in. Where there is no name of the visitor, the place closes up, in any language:
 * "Hello {visitor}," becomes "Hello,", and "{visitor}, thank you" becomes "Thank you".
 */
export function fill(text: string, { visitor, agent, site }: Values): string {
  const names = { "{visitor}": visitor ?? "", "{agent}": agent, "{site}": site };
  // All at once: what somebody is called is not looked through for more.
  return (visitor === null ? closedUp(text) : text).replace(/\{(?:visitor|agent|site)\}/g, (name) => names[name as keyof typeof names]);
}

function closedUp(text: string): string {
  return text
    .replace(/(^|\n)([ \t]*)\{visitor\}[ \t]*[,;:]?[ \t]*(\p{L}?)/gu, (_, before: string, indent: string, letter: string) => before + indent + letter.toUpperCase())
    .replace(/[ \t]*,?[ \t]*\{visitor\}/g, "");
}
