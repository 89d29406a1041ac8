import { Button, fullTime, icons, rowTime } from "@havana/ui";
import { useState } from "react";

import { Empty, Failed, ListSkeleton } from "../knowledge/parts";
import { useLive } from "../shell/live";
import { navigate } from "../shell/route";
import { RouteLink } from "../shell/RouteLink";
import { useHalfMinute } from "../shell/useTick";
import { Outdated } from "../shell/versions";
import { words } from "../words";
import { CannedEditor } from "./CannedEditor";
import { useCanned, useRemoveCanned, type CannedAnswer, type CannedAnswers } from "./canned";
import { at, NEW_CANNED } from "./place";

/** What the team says again and again: the list, or the one that is being written. */
export function CannedPage({ item }: { item: string | null }) {
  const { data, isError } = useCanned();
  if (!data) return isError ? <Failed text={words.canned.notLoaded} /> : <ListSkeleton />;
  return item === null ? <List {...data} /> : <CannedEditor key={item} item={item} {...data} />;
}

function List({ answers, sites }: CannedAnswers) {
  const write = () => navigate(at(NEW_CANNED));
  const button = (
    <Button icon={icons.note} onClick={write}>
      {words.canned.write}
    </Button>
  );
  if (answers.length === 0) {
    return (
      <Empty icon={icons.message} heading={words.canned.none} lead={words.canned.noneLead}>
        {button}
      </Empty>
    );
  }
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-base/6 font-semibold">{words.canned.heading}</h2>
          <p className="text-ink-soft">{words.canned.lead}</p>
        </div>
        {button}
      </div>
      <ul className="rounded-large border border-line bg-surface shadow-low">
        {answers.map((answer) => (
          <li key={answer.id} className="border-b border-line last:border-0">
            <Row answer={answer} sites={sites} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Row({ answer, sites }: { answer: CannedAnswer; sites: CannedAnswers["sites"] }) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveCanned();
  if (asking) {
    return (
      <div role="group" aria-label={words.canned.remove} className="flex min-h-16 flex-wrap items-center gap-2 px-4 py-3">
        <p className="min-w-0 flex-1 basis-56 [overflow-wrap:anywhere]">{words.canned.removeAsk(answer.name)}</p>
        <Button onClick={() => { setAsking(false); }}>{words.cancel}</Button>
        <Button look="waiting" disabled={remove.isPending} onClick={() => { remove.mutate(answer, { onError: () => { setAsking(false); } }); }}>
          {words.canned.remove}
        </Button>
      </div>
    );
  }
  return (
    <>
      <div className="flex min-h-16 items-center pe-2">
        <RouteLink
          to={at(answer.id)}
          className="flex min-h-16 min-w-0 flex-1 flex-col justify-center rounded-medium px-4 py-2 hover:bg-wash focus-visible:-outline-offset-2"
        >
          <span className="flex gap-3">
            <span dir="auto" className="min-w-0 flex-1 truncate text-left font-medium">
              {answer.name}
            </span>
            <ByWhom answer={answer} sites={sites} />
          </span>
          <span dir="auto" className="truncate text-left text-[13px]/5 text-ink-soft">
            {answer.text}
          </span>
        </RouteLink>
        <Button look="quiet" icon={icons.bin} label={words.canned.removeNamed(answer.name)} onClick={() => { setAsking(true); }} />
      </div>
      {remove.error ? <div className="px-4 pt-1"><Failed text={explain(remove.error)} /></div> : null}
    </>
  );
}

function ByWhom({ answer: { updated_at: when, by, site }, sites }: { answer: CannedAnswer; sites: CannedAnswers["sites"] }) {
  const { client } = useLive();
  useHalfMinute();
  return (
    <span className="shrink-0 text-[13px]/5 text-ink-soft">
      {site === null ? null : <><bdi>{sites[site] ?? site}</bdi> · </>}
      {by === null ? null : <><bdi>{by}</bdi> · </>}
      <time dateTime={when} title={fullTime(when)} className="tabular-nums">
        {rowTime(when, new Date(client.now()))}
      </time>
    </span>
  );
}

function explain(error: Error): string {
  return error instanceof Outdated ? words.knowledge.notDeleted((error as Outdated<CannedAnswer>).newest?.by ?? null) : words.refused.other;
}
