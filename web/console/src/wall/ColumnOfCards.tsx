import type { InboxSnapshot } from "@havana/protocol";
import { StateMark } from "@havana/ui";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";

import { Card } from "./Card";
import type { Column } from "./wall";
import { wall as words } from "./words";

const CARD = 212;
const GAP = 12;

interface ColumnProps {
  column: Column;
  list: InboxSnapshot;
  className: string;
}

/** All conversations in one state. Only the cards in view exist, and only those are followed. */
export function ColumnOfCards({ column, list, className }: ColumnProps) {
  const { status, conversations, more } = list;
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- a hint for the React Compiler, which is not used here
  const cards = useVirtualizer({
    count: conversations.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD + GAP,
    getItemKey: (index) => conversations[index]?.conversation ?? index,
    overscan: 1,
  });
  return (
    <section aria-label={words.column[column]} data-column={column} className={`min-h-0 min-w-0 flex-1 flex-col ${className}`}>
      <h2 className="flex h-11 shrink-0 items-center @max-2xl:sr-only gap-2 px-1 font-medium">
        <StateMark control={column} label={words.column[column]} className="text-ink!" />
        <span className="text-ink-soft tabular-nums">{words.count(conversations.length, more)}</span>
      </h2>
      <div ref={scroller} className="-mx-1 min-h-0 flex-1 overflow-y-auto overscroll-contain px-1 pb-4">
        {status === "ready" && conversations.length === 0 ? (
          <p className="rounded-large border border-dashed border-line px-4 py-8 text-center text-balance text-ink-soft">{words.empty[column]}</p>
        ) : null}
        <ul className="relative" style={{ height: cards.getTotalSize() }}>
          {cards.getVirtualItems().map(({ key, index, start }) => {
            const summary = conversations[index];
            return summary ? (
              <li
                key={key}
                className="absolute inset-x-0 top-0"
                style={{ height: CARD, transform: `translateY(${String(start)}px)` }}
                aria-setsize={more ? -1 : conversations.length}
                aria-posinset={index + 1}
              >
                <Card summary={summary} />
              </li>
            ) : null;
          })}
        </ul>
        {more ? <p className="p-4 text-center text-[13px]/5 text-ink-soft">{words.more}</p> : null}
      </div>
    </section>
  );
}
