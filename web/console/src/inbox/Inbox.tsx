import { Button, Icon, icons, StateMark } from "@havana/ui";

import { words } from "../words";
import { InboxList } from "./InboxList";
import { NarrowButton, NarrowedBy } from "./Narrow";
import { useQueue, type InboxView } from "./useInbox";
import { ViewMenu } from "./ViewMenu";
import { effective } from "./views";

/** The left pane: conversations, live. */
export function Inbox({ selected, shown, onSearch }: { selected: string | null; shown: InboxView; onSearch: () => void }) {
  const { view, onView, list } = shown;
  const queue = useQueue().conversations.length;
  return (
    <nav aria-label={words.inbox.heading} className="flex h-full min-h-0 flex-col bg-surface">
      <header className="flex h-16 shrink-0 items-center gap-1 border-b border-line px-2">
        <div className="min-w-0 flex-1">
          <h1 className="sr-only">{words.inbox.heading}</h1>
          <ViewMenu view={view} onView={onView} />
        </div>
        {queue > 0 ? <StateMark control="pending" label={words.inbox.waiting(queue)} className="shrink-0 text-xs/4" /> : null}
        <span className="md:hidden">
          <Button look="quiet" icon={icons.search} label={words.search.open} onClick={onSearch} />
        </span>
        <NarrowButton {...shown} />
      </header>
      <NarrowedBy {...shown} />
      {list.status === "loading" ? (
        <InboxSkeleton />
      ) : list.conversations.length === 0 ? (
        <EmptyList {...shown} />
      ) : (
        <InboxList key={view} conversations={list.conversations} selected={selected} more={list.more} onMore={shown.onMore} />
      )}
    </nav>
  );
}

function EmptyList({ view, narrowed }: InboxView) {
  const isNarrowed = Object.values(effective(view, narrowed)).some((by) => by !== null);
  return (
    <div className="flex-1 p-4">
      <p className="font-medium">{isNarrowed ? words.inbox.narrowed : words.inbox.none[view]}</p>
      {view === "open" && !isNarrowed ? (
        // Where there is room, this stands where the conversation will.
        <div className="md:hidden">
          <p className="mt-1 mb-4 text-ink-soft">{words.inbox.emptyLead}</p>
          <VisitorsPage />
        </div>
      ) : null}
    </div>
  );
}

/** The way to a first conversation. */
export function VisitorsPage() {
  return (
    <a
      href="/"
      target="_blank"
      rel="noopener"
      className="inline-flex h-10 items-center gap-2 rounded-medium border border-line bg-surface px-3.5 font-medium transition-colors hover:bg-wash pointer-coarse:h-11"
    >
      {words.inbox.openVisitorsPage}
      <Icon outline={icons.external} />
    </a>
  );
}

function InboxSkeleton() {
  return (
    <div aria-hidden="true" className="later flex flex-1 flex-col overflow-hidden">
      {[60, 44, 72, 52, 66, 48].map((width) => (
        <div key={width} className="flex h-16 flex-col justify-center gap-2 border-b border-line px-4">
          <div className="h-3 rounded-small bg-wash" style={{ width: `${String(width - 20)}%` }} />
          <div className="h-3 rounded-small bg-wash" style={{ width: `${String(width)}%` }} />
        </div>
      ))}
    </div>
  );
}
