import { Button, fullTime, icons } from "@havana/ui";
import { useState } from "react";

import { Empty, Failed, ListSkeleton } from "../knowledge/parts";
import { changesWords as say, sentence } from "./changesWords";
import { useChanges, type Entry } from "./people";

/** Who changed what, and when: for admins. */
export function ChangesPage() {
  const [pages, setPages] = useState([""]);
  return (
    <>
      <h2 className="text-base/6 font-semibold">{say.heading}</h2>
      <p className="mb-4 text-ink-soft">{say.lead}</p>
      <div className="flex flex-1 flex-col gap-px">
        {pages.map((before, at) => (
          <Page key={before} before={before} onOlder={at === pages.length - 1 ? (next) => setPages([...pages, next]) : null} />
        ))}
      </div>
    </>
  );
}

function Page({ before, onOlder }: { before: string; onOlder: ((next: string) => void) | null }) {
  const { data, isPending } = useChanges(before);
  if (!data) return isPending ? <ListSkeleton /> : <Failed text={say.failed} />;
  if (data.entries.length === 0) return <Empty icon={icons.note} heading={say.none} lead={say.noneLead} />;
  return (
    <>
      <ol className="divide-y divide-line overflow-hidden rounded-large border border-line bg-surface">
        {data.entries.map((entry) => (
          <Row key={entry.id} entry={entry} />
        ))}
      </ol>
      {onOlder && data.next !== null ? (
        <div className="mt-4 self-center">
          <Button onClick={() => onOlder(data.next ?? "")}>{say.older}</Button>
        </div>
      ) : null}
    </>
  );
}

function Row({ entry: { at, by, kind, details } }: { entry: Entry }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-3">
      <p className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">
        <bdi className="font-medium">{by?.name ?? say.command}</bdi> {sentence(kind, details)}
      </p>
      <time dateTime={at} className="shrink-0 text-[13px]/5 text-ink-soft tabular-nums">
        {fullTime(at)}
      </time>
    </li>
  );
}
