import type { Summary } from "@havana/protocol";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";

import { inHeldOrder } from "./order";

/** For so long after the pointer has moved over a list it may be on its way to a row. */
const AIMING_MS = 500;

interface HeldOrder {
  /** In the order to show. */
  ordered: readonly Summary[];
  /** For the element whose rows are aimed at. */
  aim: { onPointerMove: (event: PointerEvent) => void; onPointerDown: () => void; onPointerLeave: () => void };
}

/**
 * News never moves a row from under the pointer: a press that begins on one row and ends on another is lost, or worse,
 * opens the wrong one. Rows change places as soon as nobody aims at them.
 */
export function useHeldOrder(conversations: readonly Summary[]): HeldOrder {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const pressed = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const hold = () => {
    setHeld((now) => now ?? conversations.map(({ conversation }) => conversation));
  };
  const letGoIn = (ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (!pressed.current) setHeld(null);
    }, ms);
  };

  useEffect(() => {
    const released = () => {
      if (!pressed.current) return;
      pressed.current = false;
      // The click comes after the release.
      letGoIn(0);
    };
    window.addEventListener("pointerup", released);
    window.addEventListener("pointercancel", released);
    return () => {
      window.removeEventListener("pointerup", released);
      window.removeEventListener("pointercancel", released);
      clearTimeout(timer.current);
    };
  }, []);

  const ordered = useMemo(() => (held ? inHeldOrder(conversations, held) : conversations), [conversations, held]);
  const aim = {
    onPointerMove: (event: PointerEvent) => {
      // A release outside of the window is not told.
      pressed.current = event.buttons !== 0;
      hold();
      letGoIn(AIMING_MS);
    },
    onPointerDown: () => {
      pressed.current = true;
      hold();
    },
    onPointerLeave: () => {
      letGoIn(0);
    },
  };
  return { ordered, aim };
}
