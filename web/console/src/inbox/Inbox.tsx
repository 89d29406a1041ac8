import { Icon, icons, Logo, StateMark } from "@havana/ui";

import { useLive } from "../shell/live";
import { useStore } from "../shell/useStore";
import { words } from "../words";
import { InboxList } from "./InboxList";
import { waiting } from "./waiting";

/** The left pane: every conversation, live. */
export function Inbox({ selected }: { selected: string | null }) {
  const { client } = useLive();
  const inbox = useStore(client.inbox);
  const queue = waiting(inbox.conversations).length;
  return (
    <nav aria-label={words.inbox.heading} className="flex h-full min-h-0 flex-col bg-surface">
      <header className="flex h-16 shrink-0 items-center gap-2.5 border-b border-line ps-4 pe-2">
        <Logo className="md:hidden" />
        <div className="min-w-0 flex-1">
          <h1 className="truncate text-base/5 font-semibold">{words.inbox.heading}</h1>
          {queue > 0 ? (
            <StateMark control="pending" label={words.inbox.waiting(queue)} className="text-xs/4" />
          ) : (
            <p className="truncate text-xs/4 text-ink-soft">{words.inbox.nobodyWaits}</p>
          )}
        </div>
      </header>
      <InboxBody loading={inbox.status === "loading"} empty={inbox.conversations.length === 0}>
        <InboxList conversations={inbox.conversations} selected={selected} />
      </InboxBody>
    </nav>
  );
}

function InboxBody({ loading, empty, children }: { loading: boolean; empty: boolean; children: React.ReactNode }) {
  if (loading) return <InboxSkeleton />;
  if (!empty) return children;
  return (
    <div className="flex-1 p-4">
      <p className="font-medium">{words.inbox.empty}</p>
      {/* Where there is room, this stands where the conversation will. */}
      <div className="md:hidden">
        <p className="mt-1 mb-4 text-ink-soft">{words.inbox.emptyLead}</p>
        <VisitorsPage />
      </div>
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
