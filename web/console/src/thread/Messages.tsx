import type { ConversationSnapshot, ConversationStore } from "@havana/protocol";
import { Bubble, Button, dayName, PlainText, TypingMark } from "@havana/ui";
import { useCallback, useMemo, useState } from "react";

import { useLive } from "../shell/live";
import { useHalfMinute } from "../shell/useTick";
import { words } from "../words";
import { FactRow } from "./FactRow";
import { Group } from "./Group";
import { rowsOf, type Row } from "./rows";
import { useStickyScroll } from "./useStickyScroll";

interface MessagesProps {
  store: ConversationStore;
  snapshot: ConversationSnapshot;
  name: string;
}

/** The thread itself: scrolls, stays at the end, loads what is further up. */
export function Messages({ store, snapshot, name }: MessagesProps) {
  const { items, hasEarlier, loadingEarlier } = snapshot;
  const rows = useMemo(() => rowsOf(items), [items]);
  const onTop = useCallback(() => {
    // A failed page is asked for again by the next scroll; the bar on top tells about the connection.
    if (hasEarlier && !loadingEarlier) store.earlier().catch(() => undefined);
  }, [store, hasEarlier, loadingEarlier]);
  const { scroller, content, onScroll, toEnd, atEnd } = useStickyScroll(items[0]?.id ?? null, onTop);
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
          <p className="h-5 text-center text-xs/5 text-ink-soft">
            {hasEarlier ? (loadingEarlier ? words.thread.earlier : "") : words.thread.start}
          </p>
          {rows.map((row) => (
            <ThreadRow key={row.key} row={row} store={store} />
          ))}
          {writing.length > 0 ? (
            <div className="hv-appear ms-8 mt-4">
              <Bubble look="other" tail>
                <TypingMark name={name} />
              </Bubble>
            </div>
          ) : null}
        </div>
      </div>
      {atEnd ? null : (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button round icon="down" onClick={toEnd} className="hv-appear pointer-events-auto shadow-raised">
            {news ? words.thread.newMessages : words.thread.toEnd}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Whether something came while the reader was further up. */
function useNews(last: number, atEnd: boolean): boolean {
  const [seen, setSeen] = useState(last);
  if (atEnd && seen !== last) setSeen(last);
  return !atEnd && last > seen;
}

function ThreadRow({ row, store }: { row: Row; store: ConversationStore }) {
  switch (row.kind) {
    case "day":
      return <Day at={row.at} />;
    case "group":
      return <Group {...row} store={store} />;
    case "fact":
      return <FactRow item={row.item} />;
    case "system":
      return (
        <div data-item={row.item.id} className="mx-auto mt-1.5 max-w-lg text-center text-[13px]/5 text-ink-soft">
          {row.item.redacted ? words.message.removed : <PlainText text={row.item.text} />}
        </div>
      );
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
