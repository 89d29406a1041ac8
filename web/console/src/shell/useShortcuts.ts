import { useEffect, useRef } from "react";

import { read } from "./stored";

/** Under which the browser remembers whether single keys do anything. */
export const SINGLE_KEYS = "single-keys";

/** What each key does, by `KeyboardEvent.key` (letters in lower case). */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/**
 * Single keys that act anywhere on the page, except where somebody types or a menu has the keys. Letters can be turned
 * off: who dictates would press them by speaking.
 *
 * Escape also works inside a field: the first leaves it.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
      if (event.key.length === 1 && !areOn()) return;
      if (isTyping(event.target)) {
        if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
        return;
      }
      const act = latest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act) return;
      act(event);
    };
    addEventListener("keydown", press);
    return () => {
      removeEventListener("keydown", press);
    };
  }, []);
}

function areOn(): boolean {
  return read(SINGLE_KEYS) !== "no";
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], [role=menu]") !== null;
}
