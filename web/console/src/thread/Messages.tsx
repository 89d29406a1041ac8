import type { ConversationSnapshot, ConversationStore, State } from "@havana/protocol";
import { Avatar, Bubble, Button, dayName, icons, TypingMark } from "@havana/ui";
import { useCallback, useMemo, useState } from "react";

import { useLive } from "../shell/live";
import { useHalfMinute } from "../shell/useTick";
import { calling } from "../visitor/name";
import { words } from "../words";
import { FactRow, ToldRow } from "./FactRow";
import { Group } from "./Group";
import { withHandovers } from "./handover";
import { routedItemsOf } from "./routed";
import { progress, rowsOf, type Row } from "./rows";
import { toolItemsOf, withPlaced } from "./toolCalls";
import { ToolRow } from "./ToolRow";
import type { Act } from "./useActing";
import { Marked, usePlace } from "./usePlace";
import { useStickyScroll } from "./useStickyScroll";

interface MessagesProps {
  /** The place in the log that somebody was led to. */
  at: number | null;
  store: ConversationStore;
  snapshot: ConversationSnapshot;
  name: string;
  act: Act;
}

/** The thread itself: scrolls, stays at the end, loads what is further up. */
export function Messages({ at, store, snapshot, name, act }: MessagesProps) {
  const { events, hasEarlier, loadingEarlier } = snapshot;
  const items = useMemo(() => calling(snapshot.items, name), [snapshot.items, name]);
  const rows = useMemo(() => rowsShown(items, events), [items, events]);
  const latest = rows.findLast((row) => row.kind === "group" && row.speeches.some(({ kind }) => kind === "message"))?.key;
  const how = progress(items, snapshot.read.visitor ?? 0);
  const onTop = useCallback(() => {
    // A failed page is asked for again by the next scroll; the bar on top tells about the connection.
    if (hasEarlier && !loadingEarlier) store.earlier().catch(() => undefined);
  }, [store, hasEarlier, loadingEarlier]);
  const { scroller, content, onScroll, toEnd, toItem, atEnd } = useStickyScroll(items[0]?.id ?? null, onTop);
  const marked = usePlace(at, store, snapshot, toItem);
  const news = useNews(snapshot.last, atEnd);
  const writing = snapshot.typing.filter((author) => author.role === "visitor");

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-label={words.thread.messages}
        className="thread h-full overflow-y-auto overscroll-contain focus-visible:-outline-offset-2"
      >
        <div ref={content} className="mx-auto flex min-h-full max-w-3xl flex-col justify-end px-4 py-4 md:px-6">
          {hasEarlier ? (
            <p className="h-5 text-center text-xs/5 text-ink-soft">{loadingEarlier ? words.thread.earlier : ""}</p>
          ) : null}
          <Marked value={marked}>
            {rows.map((row) => (
              <ThreadRow
                key={row.key}
                row={row}
                progress={row.key === latest ? how : null}
                {...{ store, name, act }}
                state={snapshot.state}
              />
            ))}
          </Marked>
          {writing.length > 0 ? <VisitorTypes name={name} /> : null}
        </div>
      </div>
      {atEnd ? null : <ToEnd news={news} onClick={toEnd} />}
    </div>
  );
}

function ToEnd({ news, onClick }: { news: boolean; onClick: () => void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <Button round icon={icons.down} onClick={onClick} className="hv-appear pointer-events-auto shadow-raised hover:bg-sunken!">
        {news ? words.thread.newMessages : words.thread.toEnd}
      </Button>
    </div>
  );
}

/** What agents alone see stands among the items: calls of tools, directions to teams, and a card for each hand-over. */
function rowsShown(items: ConversationSnapshot["items"], events: ConversationSnapshot["events"]): Row[] {
  const placed = withPlaced(withPlaced(items, toolItemsOf(events)), routedItemsOf(events));
  return rowsOf(withHandovers(placed, events));
}

function VisitorTypes({ name }: { name: string }) {
  return (
    <div className="hv-appear mt-4 flex gap-2">
      <span className="pt-1.5">
        <Avatar role="visitor" name={name} size={24} />
      </span>
      <Bubble look="other" tail>
        <TypingMark name={name} />
      </Bubble>
    </div>
  );
}

/** Whether something came while the reader was further up. */
function useNews(last: number, atEnd: boolean): boolean {
  const [seen, setSeen] = useState(last);
  if (atEnd && seen !== last) setSeen(last);
  return !atEnd && last > seen;
}

interface ThreadRowProps {
  row: Row;
  store: ConversationStore;
  state: State;
  name: string;
  act: Act;
  progress: "sending" | "seen" | null;
}

function ThreadRow({ row, store, progress, ...deciding }: ThreadRowProps) {
  switch (row.kind) {
    case "day":
      return <Day at={row.at} />;
    case "group":
      return <Group {...row} store={store} progress={progress} />;
    case "fact":
      return <FactRow item={row.item} />;
    case "tool":
      return <ToolRow item={row.item} store={store} {...deciding} />;
    case "system":
      return <ToldRow item={row.item} />;
  }
}

function Day({ at }: { at: string }) {
  const { client } = useLive();
  useHalfMinute();
  return (
    <div role="separator" className="mt-5 mb-1 flex items-center gap-3 text-xs/4 text-ink-soft first:mt-0">
      <span className="h-px flex-1 bg-line" />
      {dayName(at, new Date(client.now()))}
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
