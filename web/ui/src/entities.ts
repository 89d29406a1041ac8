const NAMED: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  copy: "©",
  reg: "®",
  trade: "™",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  euro: "€",
};

/** Markdown allows HTML's character references; these are the ones that people and models write. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return NAMED[name] ?? whole;
    const hex = name[1]?.toLowerCase() === "x";
    const point = parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
    const printable = point >= 32 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    return printable ? String.fromCodePoint(point) : "\ufffd";
  });
}
