import { Button, clockTime, fullTime, Icon, icons, sameDay } from "@havana/ui";
import { useEffect, useRef, type ReactNode } from "react";

import { useLive } from "../shell/live";
import { words } from "../words";

interface NewerVersionProps {
  /** Who wrote what it says now, and when; null if it was deleted. */
  newest: { by: string | null; updated_at: string } | null;
  /** That it was deleted. */
  deleted: string;
  onReplace: () => void;
  /** What it says now, in as many `Said` as it has parts, so that what is right in it can be copied. */
  children: ReactNode;
}

/** What was to be saved was not: somebody else came first. Tells who and when, what they wrote, and the way out. */
export function NewerVersion({ newest, deleted, onReplace, children }: NewerVersionProps) {
  const place = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone, and the keyboard shall not begin at the top again.
  useEffect(() => { place.current?.focus(); }, []);
  return (
    <div ref={place} role="alert" tabIndex={-1} className="hv-appear flex scroll-my-5 gap-3 rounded-large border border-line bg-surface px-4 py-3 shadow-low">
      <Icon outline={icons.warning} size={20} className="shrink-0 text-waiting" />
      <div className="min-w-0 flex-1">
        <p className="font-medium [overflow-wrap:anywhere]">
          {newest ? words.knowledge.newer(newest.by) : deleted}
          {newest ? <> · <When at={newest.updated_at} /></> : null}
        </p>
        <p className="text-ink-soft">{words.knowledge.yoursStays}</p>
        {newest ? <WhatItSays>{children}</WhatItSays> : null}
        <Button className="mt-2" onClick={onReplace}>
          {newest ? words.knowledge.replace : words.knowledge.writeAnew}
        </Button>
      </div>
    </div>
  );
}

function When({ at }: { at: string }) {
  const { client } = useLive();
  return (
    <time dateTime={at} title={fullTime(at)} className="tabular-nums">
      {sameDay(at, new Date(client.now())) ? clockTime(at) : fullTime(at)}
    </time>
  );
}

/** As it was written. */
function WhatItSays({ children }: { children: ReactNode }) {
  return (
    <details className="group mt-1">
      <summary className="-ms-1 inline-flex min-h-10 cursor-pointer list-none items-center gap-1 rounded-small px-1 font-medium hover:underline hover:underline-offset-2 pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
        {words.knowledge.show}
        <Icon outline={icons.chevron} className="group-open:rotate-180" />
      </summary>
      <dl className="mt-1 flex flex-col gap-2 rounded-medium bg-wash px-3 py-2.5 [overflow-wrap:anywhere]">{children}</dl>
    </details>
  );
}

export function Said({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <dt className="text-[13px]/5 text-ink-soft">{label}</dt>
      <dd dir="auto" className="text-left whitespace-pre-wrap">{text}</dd>
    </div>
  );
}
