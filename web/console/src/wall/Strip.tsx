import type { Summary } from "@havana/protocol";
import { Avatar } from "@havana/ui";
import type { ReactNode } from "react";

import { waitingSince } from "../inbox/waiting";
import { WaitFigure } from "../inbox/WaitClock";
import { useTeam } from "../shell/team";
import type { Wall } from "./useWall";
import { loads } from "./wall";
import { wall as words } from "./words";

/** The shift at a glance: how many wait, for how long, and who is there to take them with how much already. */
export function Strip({ wall: { columns, held } }: { wall: Wall }) {
  const { pending, human, ai } = columns;
  const waits = pending.conversations.find(({ state }) => state.control === "pending");
  const since = waits ? waitingSince(waits) : null;
  return (
    <dl aria-label={words.numbers} className="flex flex-wrap items-start gap-x-8 gap-y-3">
      <Figure name={words.waiting} look={pending.conversations.length > 0 ? "text-waiting" : ""}>
        {words.count(pending.conversations.length, pending.more)}
      </Figure>
      <Figure name={words.longest}>{waits && since !== null ? <WaitFigure since={since} site={waits.site} /> : "–"}</Figure>
      <Figure told name={words.human}>{words.count(human.conversations.length, human.more)}</Figure>
      <Figure told name={words.ai}>{words.count(ai.conversations.length, ai.more)}</Figure>
      <OnDuty held={held} />
    </dl>
  );
}

interface FigureProps {
  name: string;
  look?: string;
  /** Where there is room for one column only, the choice of columns tells this number. */
  told?: boolean;
  children: ReactNode;
}

function Figure({ name, look = "", told = false, children }: FigureProps) {
  return (
    <div className={`flex min-w-20 flex-col-reverse ${told ? "@max-2xl:hidden" : ""}`}>
      <dt className="text-[13px]/5 text-ink-soft">{name}</dt>
      <dd className={`text-[28px]/9 font-semibold tracking-tight tabular-nums ${look}`}>{children}</dd>
    </div>
  );
}

function OnDuty({ held }: { held: readonly Summary[] }) {
  const { data } = useTeam();
  if (!data) return null;
  const there = loads(data, held);
  return (
    <div className="flex min-w-40 flex-1 flex-col-reverse @max-2xl:min-w-full">
      <dt className="text-[13px]/5 text-ink-soft">{words.onDuty}</dt>
      <dd className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1">
        {there.length === 0 ? <span className="text-waiting">{words.nobody}</span> : null}
        {there.map(({ id, name, count }) => (
          <span key={id} title={words.load(name, count)} className="inline-flex max-w-48 items-center gap-1.5">
            <Avatar role="agent" name={name} size={24} />
            <span className="sr-only">{words.load(name, count)}</span>
            <bdi aria-hidden="true" className="truncate">{name}</bdi>
            <span aria-hidden="true" className="text-ink-soft tabular-nums">{count}</span>
          </span>
        ))}
      </dd>
    </div>
  );
}
