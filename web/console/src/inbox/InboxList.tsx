import type { Summary } from "@havana/protocol";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";

import { words } from "../words";
import { InboxRow } from "./InboxRow";
import { useHeldOrder } from "./useHeldOrder";

const ROW_HEIGHT = 68;

/** So near to the end the next page is asked for. */
const AHEAD = 30;

interface InboxListProps {
  conversations: readonly Summary[];
  selected: string | null;
  /** Whether there are older ones. */
  more: boolean;
  onMore: () => void;
}

/** Only the rows in view exist; thousands of conversations scroll like ten. */
export function InboxList({ conversations, selected, more, onMore }: InboxListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { ordered, aim } = useHeldOrder(conversations);
  // eslint-disable-next-line react-hooks/incompatible-library -- a hint for the React Compiler, which is not used here
  const rows = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => ordered[index]?.conversation ?? index,
    overscan: 8,
  });
  const at = ordered.findIndex((summary) => summary.conversation === selected);
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at, { align: "auto" });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a row that moves because of news must not drag the list along
  }, [selected]);

  const items = rows.getVirtualItems();
  const isNearEnd = more && (items.at(-1)?.index ?? 0) >= ordered.length - AHEAD;
  useEffect(() => {
    if (isNearEnd) onMore();
  }, [isNearEnd, ordered.length, onMore]);

  return (
    <div ref={scroller} {...aim} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <ul className="relative" style={{ height: rows.getTotalSize() }}>
        {items.map((row) => {
          const summary = ordered[row.index];
          if (!summary) return null;
          return (
            <li
              key={row.key}
              className="absolute inset-x-0 top-0"
              style={{ height: ROW_HEIGHT, transform: `translateY(${String(row.start)}px)` }}
              aria-setsize={more ? -1 : ordered.length}
              aria-posinset={row.index + 1}
            >
              <InboxRow summary={summary} selected={summary.conversation === selected} />
            </li>
          );
        })}
      </ul>
      {more ? <p className="p-4 text-center text-[13px]/5 text-ink-soft">{words.inbox.older}</p> : null}
    </div>
  );
}
