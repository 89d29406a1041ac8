import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** Within this many pixels the reader is at the end and wants to stay there. */
const NEAR_END = 48;
/** Earlier rows are asked for before the top is reached. */
const NEAR_TOP = 240;

interface StickyScroll {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
  toEnd: () => void;
  /** Puts an item into the middle, and leaves the reader there. */
  toItem: (id: string) => void;
  /** Whether the reader is at the end. */
  atEnd: boolean;
}

/**
 * Keeps the end in view while the reader is there, and keeps the reader's place when rows appear above.
 *
 * `first` is the key of the topmost item, found in the page as `data-item`: when it changes, earlier rows were put
 * above the old first one, and the view moves with that element. Browsers' own anchoring is switched off in the
 * style sheet, for Safari has none and two would be one too many.
 */
export function useStickyScroll(first: string | null, onTop: () => void): StickyScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const anchor = useRef<{ item: string; top: number } | null>(null);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, []);

  const toItem = useCallback((id: string) => {
    const box = scroller.current;
    const element = box?.querySelector<HTMLElement>(selector(id));
    if (!box || !element) return;
    stuck.current = false;
    const { top, height } = element.getBoundingClientRect();
    box.scrollTop += top - box.getBoundingClientRect().top - Math.max((box.clientHeight - height) / 2, 0);
    // For whoever hears the page, and for the keys: they go on from here.
    element.focus({ preventScroll: true });
  }, []);

  const onScroll = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    stuck.current = near;
    setAtEnd(near);
    if (box.scrollTop < NEAR_TOP && box.scrollHeight > box.clientHeight) onTop();
  }, [onTop]);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const before = anchor.current;
    if (before && before.item !== first && !stuck.current) {
      const top = topOf(box, before.item);
      if (top !== null) box.scrollTop += top - before.top;
    }
    const top = first === null ? null : topOf(box, first);
    anchor.current = first !== null && top !== null ? { item: first, top } : null;
    if (stuck.current) toEnd();
  });

  useGrowth(scroller, content, stuck, toEnd);
  return { scroller, content, onScroll, toEnd, toItem, atEnd };
}

/** Words that grow, and pictures that arrive, move the end. */
function useGrowth(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  stuck: RefObject<boolean>,
  toEnd: () => void,
): void {
  useEffect(() => {
    if (!scroller.current || !content.current) return;
    const grown = new ResizeObserver(() => {
      if (stuck.current) toEnd();
    });
    grown.observe(content.current);
    grown.observe(scroller.current);
    return () => {
      grown.disconnect();
    };
  }, [scroller, content, stuck, toEnd]);
}

function selector(item: string): string {
  return `[data-item="${CSS.escape(item)}"]`;
}

/** Where an item begins inside the scrolled content, wherever it is scrolled to. */
function topOf(box: HTMLElement, item: string): number | null {
  const element = box.querySelector(selector(item));
  if (!element) return null;
  return element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
}
