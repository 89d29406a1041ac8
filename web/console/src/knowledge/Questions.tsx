import { Button, fullTime, Icon, icons, rowTime } from "@havana/ui";
import { useState } from "react";

import { useLive } from "../shell/live";
import { navigate } from "../shell/route";
import { RouteLink } from "../shell/RouteLink";
import { useHalfMinute } from "../shell/useTick";
import { words } from "../words";
import { useGroups, useSettle, type QuestionGroup, type Sites } from "./knowledge";
import { Empty, Failed, ListSkeleton, Notice } from "./parts";

/** What visitors asked and no article answered, the most frequent first. */
export function Questions() {
  const { data, isError } = useGroups();
  const settle = useSettle();
  const [dismissed, setDismissed] = useState<QuestionGroup | null>(null);
  // Gone at once; the list that comes next says the same.
  const groups = data?.groups.filter((group) => !(dismissed && group.questions.every((id) => dismissed.questions.includes(id))));
  const undo = () => {
    if (!dismissed) return;
    settle.mutate({ group: dismissed, to: "reopen" });
    setDismissed(null);
  };
  const dismiss = (group: QuestionGroup) => {
    setDismissed(group);
    settle.mutate({ group, to: "dismiss" }, { onError: () => { setDismissed(null); } });
  };
  return (
    <>
      {settle.isError ? <Failed text={words.refused.other} /> : null}
      {dismissed ? <Notice text={words.knowledge.dismissed(dismissed.text)} action={words.knowledge.undo} onAction={undo} /> : null}
      {groups === undefined ? (
        isError ? <Failed text={words.knowledge.notLoaded} /> : <ListSkeleton />
      ) : groups.length === 0 ? (
        <Empty icon={icons.done} heading={words.knowledge.allAnswered} lead={words.knowledge.allAnsweredLead} />
      ) : (
        <ul className="flex flex-col gap-3">
          {groups.map((group) => (
            <li key={group.questions[0]}>
              <GroupCard group={group} sites={data?.sites ?? {}} onDismiss={() => { dismiss(group); }} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function GroupCard({ group, sites, onDismiss }: { group: QuestionGroup; sites: Sites; onDismiss: () => void }) {
  const several = Object.keys(sites).length > 1;
  const write = () => navigate({ page: "unanswered", question: group.questions[0] ?? "" });
  return (
    <article className="@container rounded-large border border-line bg-surface px-4 py-3 shadow-low">
      <div className="flex flex-col gap-x-6 gap-y-3 @lg:flex-row @lg:items-start">
        <div className="min-w-0 flex-1 @lg:py-1">
          <h2 dir="auto" className="line-clamp-3 text-left text-[15px]/6 font-medium [overflow-wrap:anywhere]">
            {group.text}
          </h2>
          <p className="mt-0.5 text-[13px]/5 text-ink-soft">
            {words.knowledge.asked(group.count)} · <When at={group.newest} />
            {several ? <> · <bdi>{sites[group.site] ?? group.site}</bdi></> : null}
          </p>
        </div>
        <div className="flex shrink-0 gap-1 @lg:flex-row-reverse">
          <Button icon={icons.note} onClick={write}>
            {words.knowledge.write}
          </Button>
          <Button look="quiet" onClick={onDismiss}>
            {words.dismiss}
          </Button>
        </div>
      </div>
      <Examples group={group} />
    </article>
  );
}

/** Each time it was asked, with the way to the conversation. */
function Examples({ group: { examples, count } }: { group: QuestionGroup }) {
  return (
    <details className="group mt-1">
      <summary className="-ms-1 inline-flex min-h-8 cursor-pointer list-none items-center gap-1 rounded-small px-1 text-[13px]/5 text-ink-soft hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
        {words.knowledge.where(count)}
        <Icon outline={icons.chevron} className="group-open:rotate-180" />
      </summary>
      <ul className="mt-1 flex flex-col border-t border-line">
        {examples.map(({ id, conversation, text, at }) => (
          <li key={id} className="border-b border-line last:border-0">
            <RouteLink
              to={{ page: "inbox", conversation }}
              className="flex min-h-10 items-center gap-3 rounded-small py-1.5 hover:underline hover:underline-offset-2 pointer-coarse:min-h-11"
            >
              <span dir="auto" className="line-clamp-2 min-w-0 flex-1 text-left [overflow-wrap:anywhere]">
                {text}
              </span>
              <span className="shrink-0 text-xs/5 text-ink-soft"><When at={at} /></span>
            </RouteLink>
          </li>
        ))}
      </ul>
      {count > examples.length ? (
        <p className="pt-1.5 text-xs/5 text-ink-soft">{words.knowledge.more(count - examples.length)}</p>
      ) : null}
    </details>
  );
}

function When({ at }: { at: string }) {
  const { client } = useLive();
  useHalfMinute();
  return (
    <time dateTime={at} title={fullTime(at)} className="tabular-nums">
      {rowTime(at, new Date(client.now()))}
    </time>
  );
}
