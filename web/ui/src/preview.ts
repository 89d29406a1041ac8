/**
 * Words of a message on one line, without the marks that Markdown would have turned into something else.
 *
 * For rows in a list, where half a message may be cut anywhere: what is not surely a mark stays.
 */
export function preview(text: string): string {
  return text
    .replace(/\s*\[\d{1,2}\]/g, "")
    .replace(/\*\*|__|`+/g, "")
    .replace(/(^|[\s("])[*_](?=[^\s*_])/g, "$1")
    .replace(/(?<=[^\s*_])[*_](?=[\s.,;:?)"]|$)/g, "")
    .replace(/(^|: )[-*] |^#+ /g, "$1")
    .trim();
}
