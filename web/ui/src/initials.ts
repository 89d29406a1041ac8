/** At most two letters for a face: "Ana María López" is "AL"; a name made of symbols has none. */
export function initials(name: string): string {
  const words = name.split(/[\s_.-]+/u).filter((word) => /^\p{L}/u.test(word));
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last]
    .map((word) => (word ? (Array.from(word)[0] ?? "") : ""))
    .join("")
    .toLocaleUpperCase();
}
