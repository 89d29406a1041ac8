import type { InboxSnapshot } from "@havana/protocol";
import { Button, icons, StateMark } from "@havana/ui";
import { useEffect, useRef, useState, type RefObject } from "react";

import { ColumnOfCards } from "./ColumnOfCards";
import { Strip } from "./Strip";
import { useWall } from "./useWall";
import { COLUMNS, type Column } from "./wall";
import { wall as words } from "./words";

/** For whoever leads the shift: everything that is running, side by side, as it happens. Nothing here is marked as read. */
export function WallPage() {
  const wall = useWall();
  const page = useRef<HTMLElement>(null);
  const [chosen, setChosen] = useState<Column>("pending");
  return (
    <section ref={page} aria-label={words.page} className="@container flex h-full min-h-0 min-w-0 flex-1 flex-col bg-ground">
      <header className="flex shrink-0 items-start gap-4 border-b border-line bg-surface px-4 py-3 md:px-6">
        <h1 className="sr-only">{words.page}</h1>
        <div className="min-w-0 flex-1">
          <Strip wall={wall} />
        </div>
        <FullScreen page={page} />
      </header>
      <Choice columns={wall.columns} chosen={chosen} onChoose={setChosen} />
      <div className="flex min-h-0 flex-1 gap-4 px-4 pt-1 md:px-6">
        {COLUMNS.map((column) => (
          <ColumnOfCards
            key={column}
            column={column}
            list={wall.columns[column]}
            className={column === chosen ? "flex" : "hidden @2xl:flex"}
          />
        ))}
      </div>
    </section>
  );
}

interface ChoiceProps {
  columns: Record<Column, InboxSnapshot>;
  chosen: Column;
  onChoose: (column: Column) => void;
}

/** Where there is room for one column only. */
function Choice({ columns, chosen, onChoose }: ChoiceProps) {
  return (
    <div role="group" aria-label={words.columns} className="flex justify-between gap-1 px-2 py-2 @2xl:hidden">
      {COLUMNS.map((column) => (
        <Button key={column} look="quiet" pressed={column === chosen} onClick={() => onChoose(column)} className="min-w-0 shrink! gap-1.5! px-2!">
          <StateMark control={column} label={words.short[column]} className="text-inherit! text-[13px]/5" />
          <span className="font-normal tabular-nums">{words.count(columns[column].conversations.length, columns[column].more)}</span>
        </Button>
      ))}
    </div>
  );
}

/** For a screen on the wall of the room. */
function FullScreen({ page }: { page: RefObject<HTMLElement | null> }) {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const change = () => setFull(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", change);
    return () => document.removeEventListener("fullscreenchange", change);
  }, []);
  if (!document.fullscreenEnabled) return null;
  const toggle = () => {
    const done = full ? document.exitFullscreen() : page.current?.requestFullscreen();
    done?.catch(() => undefined); // the browser may refuse; everything stays as it is
  };
  return (
    <span className="max-md:hidden">
      <Button look="quiet" icon={full ? icons.shrink : icons.expand} label={full ? words.leaveFullScreen : words.fullScreen} onClick={toggle} />
    </span>
  );
}
