import { useEffect, useRef } from "react";

import { read } from "./stored";

/** Under which the browser remembers whether single keys do anything. */
export const SINGLE_KEYS = "single-keys";

/** What each key does, by `KeyboardEvent.key` (letters in lower case). */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** What the keys do at this moment, of everything that stands on the page. */
const standing = new Set<{ readonly current: Shortcuts }>();

/** Whether a key does anything at this moment, pressed or not: there is also a list to choose from. */
export function hasShortcut(key: string): boolean {
  return [...standing].some(({ current }) => key in current);
}

/** Does what the key does, also where single keys are turned off. */
export function doShortcut(key: string): void {
  for (const { current } of standing) current[key]?.(new KeyboardEvent("keydown", { key, cancelable: true }));
}

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
    standing.add(latest);
    return () => {
      standing.delete(latest);
      removeEventListener("keydown", press);
    };
  }, []);
}

/** After the page has what it needs itself. */
const LOAD_AFTER_MS = 2000;

/**
 * Ctrl or Cmd and K, wherever one is, also in a field. What it opens is there by then: what is typed next must not be
 * taken for keys of the page.
 */
export function useSearchKey(onSearch: () => void, load: () => Promise<unknown>): void {
  useEffect(() => {
    // Where that fails it is tried again, and told, when it is opened.
    const timer = setTimeout(() => void load().catch(() => undefined), LOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [load]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const alone = !event.altKey && !event.shiftKey && event.ctrlKey !== event.metaKey;
      if (event.defaultPrevented || !alone || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      onSearch();
    };
    addEventListener("keydown", press);
    return () => {
      removeEventListener("keydown", press);
    };
  }, [onSearch]);
}

function areOn(): boolean {
  return read(SINGLE_KEYS) !== "no";
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], [role=menu], dialog") !== null;
}
