/** Puts text in place of what stands between two places of a field, so that Ctrl and Z takes it back, and leaves the caret behind it. */
export function insertText(field: HTMLTextAreaElement, start: number, end: number, text: string): void {
  field.focus();
  field.setSelectionRange(start, end);
  if (typed(text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** As if it were typed: the one way that a browser's own undo knows of, and for which there is no other word yet. */
function typed(text: string): boolean {
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
    return text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
  } catch {
    return false;
  }
}
