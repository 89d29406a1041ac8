import type { Summary } from "@havana/protocol";
import { elapsed, fullTime, Icon, icons, preview, rowTime, StateMark } from "@havana/ui";
import { memo } from "react";

import { useLive } from "../shell/live";
import { RouteLink } from "../shell/RouteLink";
import { useHalfMinute, useSecond } from "../shell/useTick";
import { words } from "../words";
import { waitingSince } from "./waiting";
import { WaitClock } from "./WaitClock";

/** Two lines: who and when; the last words, who is in charge, and how much is unread. */
export const InboxRow = memo(function InboxRow({ summary, selected }: { summary: Summary; selected: boolean }) {
  const { conversation, visitor, unread, state } = summary;
  const pending = state.control === "pending";
  const approval = summary.approval_until !== null;
  // The wash lies over the ground of a wait, so that a waiting row can be hovered and chosen like the others.
  const wash = selected ? "bg-linear-to-r from-wash to-wash" : "hover:bg-linear-to-r hover:from-wash hover:to-wash";
  const paced = "has-data-[pace=due]:bg-due-soft has-data-[pace=over]:bg-waiting-soft";
  const ground = `${approval ? "bg-waiting-soft" : paced} ${wash}`;
  const bar = selected ? "before:absolute before:inset-y-0 before:start-0 before:w-1 before:bg-palm" : "";
  return (
    <RouteLink
      to={{ page: "inbox", conversation }}
      aria-current={selected ? "page" : undefined}
      data-conversation={conversation}
      className={`relative flex h-full flex-col justify-center gap-1 border-b border-line px-4 focus-visible:-outline-offset-2 ${ground} ${bar}`}
    >
      <span className="grid grid-cols-[minmax(0,max-content)_minmax(0,1fr)_auto] items-center gap-x-2">
        {/* Left in either script: names stand in one line to be scanned. */}
        <span dir="auto" className={`truncate text-left ${unread > 0 ? "font-semibold" : "font-medium"}`}>
          {visitor.name || words.someone}
        </span>
        <LabelChips labels={summary.labels ?? []} />
        <RowClock summary={summary} />
      </span>
      <span className="flex items-center gap-3 text-[13px]/5">
        <span dir="auto" className="min-w-0 flex-1 truncate text-left text-ink-soft">
          {preview(summary.preview) || words.inbox.noWords}
        </span>
        {approval ? (
          <StateMark control="pending" label={words.inbox.approval} className="shrink-0 text-xs/4" />
        ) : pending ? (
          <ForTeam name={summary.team?.name} />
        ) : (
          <Holder summary={summary} />
        )}
        {unread > 0 ? <Unread count={unread} /> : null}
      </span>
    </RouteLink>
  );
});

/** As many as there is room for beside the name; what does not fit whole is not begun, and still read out. */
function LabelChips({ labels }: { labels: readonly string[] }) {
  return (
    // The first line is all that shows; it has something in it already, so that what does not fit goes to the next one.
    <span className="flex h-5 flex-wrap gap-1 overflow-hidden before:h-5 before:w-0 before:content-['']">
      {labels.length > 0 ? <span className="sr-only">{words.labels.heading}:</span> : null}
      {labels.map((label) => (
        <bdi key={label} className="max-w-28 truncate rounded-full border border-line px-1.5 text-[11px]/4.5 text-ink-soft">
          {label}
        </bdi>
      ))}
    </span>
  );
}

/** Whom it waits for; nobody by name means everybody. */
function ForTeam({ name }: { name: string | undefined }) {
  if (name === undefined) return null;
  return (
    <span className="inline-flex max-w-32 min-w-0 shrink-0 items-center gap-1 text-xs/4 text-ink-soft">
      <Icon outline={icons.people} className="shrink-0" />
      <span className="sr-only">{words.inbox.forTeam}</span>
      <bdi className="truncate">{name}</bdi>
    </span>
  );
}

function Holder({ summary: { state } }: { summary: Summary }) {
  const { me } = useLive();
  const name = state.agent ? (state.agent.id === me.id ? words.you : state.agent.name) : undefined;
  return <StateMark control={state.control} label={name} className="max-w-28 shrink-0 text-xs/4" />;
}

function Unread({ count }: { count: number }) {
  return (
    <span className="min-w-5 shrink-0 rounded-full bg-palm px-1.5 text-center text-xs/5 font-medium text-palm-ink tabular-nums">
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span className="sr-only">{words.inbox.unread(count)}</span>
    </span>
  );
}

/** How long somebody waits or has to answer, else when something was said last. */
function RowClock({ summary }: { summary: Summary }) {
  const since = waitingSince(summary);
  if (summary.state.control === "pending" && since) return <WaitClock since={since} site={summary.site} />;
  if (summary.answer_until) return <AnswerClock until={summary.answer_until} />;
  return <RowTime at={summary.at} />;
}

/** How long whoever it was assigned to has to answer; it runs backwards. */
function AnswerClock({ until }: { until: string }) {
  const { client } = useLive();
  useSecond();
  return (
    <time dateTime={until} title={fullTime(until)} className="shrink-0 text-xs/5 font-medium text-person tabular-nums">
      {words.inbox.answerIn(elapsed(new Date(client.now()), new Date(until)))}
    </time>
  );
}

export function RowTime({ at }: { at: string | null }) {
  const { client } = useLive();
  useHalfMinute();
  if (!at) return null;
  return (
    <time dateTime={at} title={fullTime(at)} className="shrink-0 text-xs/5 text-ink-soft tabular-nums">
      {rowTime(at, new Date(client.now()))}
    </time>
  );
}
