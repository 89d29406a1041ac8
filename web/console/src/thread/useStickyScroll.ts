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
  }, [toEnd]);

  return { scroller, content, onScroll, toEnd, atEnd };
}

/** Where an item begins inside the scrolled content, wherever it is scrolled to. */
function topOf(box: HTMLElement, item: string): number | null {
  const element = box.querySelector(`[data-item="${CSS.escape(item)}"]`);
  if (!element) return null;
  return element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
}
