import { Avatar } from "@havana/ui";

import { Failed, ListSkeleton } from "../knowledge/parts";
import { useLive } from "../shell/live";
import { useTeam, type Colleague } from "../shell/team";
import { words } from "../words";

/** Who is in the team, and who is here. */
export function People() {
  const team = useTeam();
  const say = words.settings.people;
  return (
    <>
      <h2 className="text-base/6 font-semibold">{say.heading}</h2>
      <p className="mb-4 text-ink-soft">{say.lead}</p>
      {team.isPending ? <ListSkeleton /> : null}
      {team.isError ? <Failed text={say.failed} /> : null}
      {team.data ? (
        <ul className="divide-y divide-line overflow-hidden rounded-large border border-line bg-surface">
          {team.data.map((one) => (
            <Row key={one.id} colleague={one} />
          ))}
        </ul>
      ) : null}
    </>
  );
}

function Row({ colleague: { id, name, role, on_duty } }: { colleague: Colleague }) {
  const { me } = useLive();
  const say = words.settings.people;
  return (
    <li className="flex min-h-16 items-center gap-3 px-4 py-2">
      <Avatar role="agent" name={name} />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">
          <bdi>{name}</bdi>
          {id === me.id ? <span className="font-normal text-ink-soft"> ({say.you})</span> : null}
        </span>
        <span className="block text-[13px]/5 text-ink-soft">{say.role[role]}</span>
      </span>
      <span className={`text-[13px]/5 ${on_duty ? "text-person" : "text-ink-soft"}`}>{on_duty ? say.onDuty : say.notHere}</span>
    </li>
  );
}
