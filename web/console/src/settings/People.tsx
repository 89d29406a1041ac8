import { Avatar, Button } from "@havana/ui";

import { Failed, ListSkeleton } from "../knowledge/parts";
import { useDuty } from "../profile/profile";
import { useLive } from "../shell/live";
import { presenceOf, useTeam, type Colleague } from "../shell/team";
import { words } from "../words";

/** Who is in the team, and who is here. */
export function People() {
  const team = useTeam();
  const duty = useDuty();
  const say = words.settings.people;
  return (
    <>
      <h2 className="text-base/6 font-semibold">{say.heading}</h2>
      <p className="mb-4 text-ink-soft">{say.lead}</p>
      {team.isPending ? <ListSkeleton /> : null}
      {team.isError ? <Failed text={say.failed} /> : null}
      {duty.isError ? <Failed text={words.profile.failed} /> : null}
      {team.data ? (
        <ul className="divide-y divide-line overflow-hidden rounded-large border border-line bg-surface">
          {team.data.map((one) => (
            <Row key={one.id} colleague={one} busy={duty.isPending} onAway={(away) => duty.mutate({ id: one.id, away })} />
          ))}
        </ul>
      ) : null}
    </>
  );
}

function Row({ colleague, busy, onAway }: { colleague: Colleague; busy: boolean; onAway: (away: boolean) => void }) {
  const { me } = useLive();
  const { id, name, role, on_duty, away } = colleague;
  const say = words.settings.people;
  const presence = presenceOf(colleague);
  return (
    <li className="flex min-h-16 items-center gap-3 px-4 py-2">
      <Avatar role="agent" name={name} />
      <span className="min-w-0 flex-1">
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
      {id === me.id || me.role === "admin" ? (
        <Button label={away ? say.backOnDuty(name) : say.setAway(name)} disabled={busy} onClick={() => onAway(!away)}>
          {away ? words.profile.backOnDuty : words.profile.setAway}
        </Button>
      ) : null}
    </li>
  );
}
