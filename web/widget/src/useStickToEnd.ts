import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Nearer than this to the end counts as being there. */
const NEAR = 48;

interface Stick {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  /** To be called first of all when the view has scrolled: whatever is drawn next goes by it. */
  readonly scrolled: () => void;
  readonly toEnd: () => void;
}

/**
 * Keeps the view at the end while it grows there, and where it is if the reader has scrolled up.
 *
 * What is put in above (`first` changes) does not move what is being read.
 */
export function useStickToEnd(first: string | undefined): Stick {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const height = useRef(0);
  const room = useRef(0);
  const [isAtEnd, setAtEnd] = useState(true);
  const toEnd = useCallback(() => {
    stuck.current = true;
    setAtEnd(true);
    const { current } = scroller;
    current?.scrollTo({ top: current.scrollHeight });
  }, []);

  const scrolled = useCallback(() => {
    const view = scroller.current;
    // A view that has just become smaller has not been scrolled by its reader.
    if (view?.clientHeight !== room.current) return;
    stuck.current = view.scrollHeight - view.scrollTop - view.clientHeight < NEAR;
    setAtEnd(stuck.current);
  }, []);

  useEffect(() => {
    const [view, inner] = [scroller.current, content.current];
    if (!view || !inner) return;
    const resized = new ResizeObserver(() => {
      room.current = view.clientHeight;
      if (stuck.current) view.scrollTo({ top: view.scrollHeight });
    });
    resized.observe(inner);
    resized.observe(view);
    return () => {
      resized.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    const view = scroller.current;
    if (!view) return;
    if (!stuck.current) view.scrollTop += view.scrollHeight - height.current;
  }, [first]);

  useLayoutEffect(() => {
    const view = scroller.current;
    if (!view) return;
    height.current = view.scrollHeight;
    if (stuck.current) view.scrollTo({ top: view.scrollHeight });
  });

  return { scroller, content, isAtEnd, scrolled, toEnd };
}
