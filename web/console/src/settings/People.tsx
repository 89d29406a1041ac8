import { Avatar, Button } from "@havana/ui";
import { useState } from "react";

import { Failed, ListSkeleton } from "../knowledge/parts";
import { useDuty } from "../profile/profile";
import { useLive } from "../shell/live";
import { presenceOf, useTeam, type Colleague } from "../shell/team";
import { words } from "../words";
import { Capacity } from "./Capacity";
import { explain } from "./explain";
import { InviteForm } from "./InviteForm";
import { LinkCard } from "./LinkCard";
import { NotHere } from "./NotHere";
import { useAct, useNewLink, usePeople, type Act, type MadeLink } from "./people";
import { PersonMenu } from "./PersonMenu";
import { peopleWords } from "./peopleWords";

const say = words.settings.people;

/** Who is in the team, and who is here; for admins, also who comes to it and who leaves it. */
export function People() {
  const { me } = useLive();
  const isAdmin = me.role === "admin";
  const team = useTeam();
  const people = usePeople(isAdmin);
  const duty = useDuty();
  const act = useAct();
  const newLink = useNewLink();
  const [inviting, setInviting] = useState(false);
  const [made, setMade] = useState<MadeLink | null>(null);
  const show = (link: MadeLink) => {
    setInviting(false);
    setMade(link);
  };
  const onAct = (chosen: Act) => act.mutate(chosen);
  const onLink = (id: string) => newLink.mutate(id, { onSuccess: show });
  const failure = act.error ?? newLink.error;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-base/6 font-semibold">{say.heading}</h2>
          <p className="text-ink-soft">{say.lead}</p>
        </div>
        {isAdmin && !inviting ? (
          <Button look="primary" onClick={() => setInviting(true)}>
            {peopleWords.invite}
          </Button>
        ) : null}
      </div>
      {inviting ? <InviteForm onMade={show} onCancel={() => setInviting(false)} /> : null}
      {made ? <LinkCard key={made.link} made={made} onClose={() => setMade(null)} /> : null}
      {team.isPending ? <ListSkeleton /> : null}
      {team.isError ? <Failed text={say.failed} /> : null}
      {people.isError ? <Failed text={peopleWords.notLoaded} /> : null}
      {duty.isError ? <Failed text={words.profile.failed} /> : null}
      {failure ? <Failed text={explain(failure)} /> : null}
      {team.data ? (
        <ul className="divide-y divide-line overflow-hidden rounded-large border border-line bg-surface">
          {team.data.map((one) => (
            <Row key={one.id} colleague={one} capacity={people.data?.find(({ id }) => id === one.id)?.capacity ?? null} busy={duty.isPending} onAway={(away) => duty.mutate({ id: one.id, away })} onAct={onAct} onLink={onLink} />
          ))}
        </ul>
      ) : null}
      {isAdmin && people.data ? <NotHere people={people.data} busy={act.isPending || newLink.isPending} onAct={onAct} onLink={onLink} /> : null}
    </>
  );
}

interface RowProps {
  colleague: Colleague;
  capacity: number | null;
  busy: boolean;
  onAway: (away: boolean) => void;
  onAct: (act: Act) => void;
  onLink: (id: string) => void;
}

function Row({ colleague, capacity, busy, onAway, onAct, onLink }: RowProps) {
  const { me } = useLive();
  const [asking, setAsking] = useState<"deactivate" | "capacity" | null>(null);
  const { id, name, role, on_duty, away } = colleague;
  const isAdmin = me.role === "admin";
  const presence = presenceOf(colleague);
  if (asking === "capacity") {
    const done = (chosen: number | null) => {
      setAsking(null);
      if (chosen !== null) onAct({ do: "capacity", id, capacity: chosen });
    };
    return <Capacity name={name} capacity={capacity} onDone={done} />;
  }
  if (asking === "deactivate") {
    return (
      <li className="flex min-h-16 flex-wrap items-center gap-2 px-4 py-3">
        <p className="min-w-0 flex-1 basis-56 [overflow-wrap:anywhere]">{peopleWords.askDeactivate(name)}</p>
        <Button onClick={() => setAsking(null)}>{words.cancel}</Button>
        <Button look="waiting" onClick={() => { setAsking(null); onAct({ do: "deactivate", id }); }}>
          {peopleWords.deactivate}
        </Button>
      </li>
    );
  }
  return (
    <li className="flex min-h-16 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
      <Avatar role="agent" name={name} />
      <span className="min-w-0 flex-1 basis-32">
        <span className="block truncate font-medium">
          <bdi>{name}</bdi>
          {id === me.id ? <span className="font-normal text-ink-soft"> ({say.you})</span> : null}
        </span>
        <span className="block text-[13px]/5 text-ink-soft">
          {say.role[role]}
          {" · "}
          <span className={on_duty ? "text-person" : ""}>{words.profile[presence]}</span>
          {presence === "notHere" && away ? `, ${words.profile.away.toLowerCase()}` : ""}
        </span>
      </span>
      <span className="ms-auto flex items-center gap-1">
        {id === me.id || isAdmin ? (
          <Button label={away ? say.backOnDuty(name) : say.setAway(name)} disabled={busy} onClick={() => onAway(!away)}>
            {away ? words.profile.backOnDuty : words.profile.setAway}
          </Button>
        ) : null}
        {isAdmin ? <PersonMenu colleague={colleague} isMe={id === me.id} onAct={onAct} onLink={onLink} onCapacity={() => setAsking("capacity")} onDeactivate={() => setAsking("deactivate")} /> : null}
      </span>
    </li>
  );
}
