import { Avatar, Button, icons } from "@havana/ui";
import { useState } from "react";

import { Empty, Failed, ListSkeleton } from "../knowledge/parts";
import { useLive } from "../shell/live";
import { navigate } from "../shell/route";
import { RouteLink } from "../shell/RouteLink";
import { useTeam, type Colleague } from "../shell/team";
import { useTeams, type Team } from "../shell/teams";
import { Outdated } from "../shell/versions";
import { words } from "../words";
import { TeamEditor } from "./TeamEditor";
import { at, NEW_TEAM, useRemoveTeam } from "./teams";
import { teamsWords as say } from "./words";

/** Who answers what: the list of teams, or the one that is being changed. */
export function TeamsPage({ item }: { item: string | null }) {
  const { me } = useLive();
  const teams = useTeams();
  const agents = useTeam();
  if (!teams.data || !agents.data) return teams.isError || agents.isError ? <Failed text={say.notLoaded} /> : <ListSkeleton />;
  const isAdmin = me.role === "admin";
  if (item !== null && isAdmin) return <TeamEditor key={item} item={item} teams={teams.data} agents={agents.data} />;
  return <List teams={teams.data} agents={agents.data} isAdmin={isAdmin} />;
}

interface ListProps {
  teams: readonly Team[];
  agents: readonly Colleague[];
  isAdmin: boolean;
}

function List({ teams, agents, isAdmin }: ListProps) {
  const button = isAdmin ? (
    <Button icon={icons.people} onClick={() => navigate(at(NEW_TEAM))}>
      {say.make}
    </Button>
  ) : null;
  if (teams.length === 0) {
    return (
      <Empty icon={icons.people} heading={say.none} lead={isAdmin ? say.noneLead : say.noneLeadAgent}>
        {button}
      </Empty>
    );
  }
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-base/6 font-semibold">{say.heading}</h2>
          <p className="text-ink-soft">{say.lead}</p>
        </div>
        {button}
      </div>
      <ul className="overflow-hidden rounded-large border border-line bg-surface">
        {teams.map((team) => (
          <li key={team.id} className="border-b border-line last:border-0">
            <Row team={team} agents={agents} isAdmin={isAdmin} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Row({ team, agents, isAdmin }: { team: Team } & Omit<ListProps, "teams">) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveTeam();
  if (asking) {
    return (
      <div role="group" aria-label={say.remove} className="flex min-h-16 flex-wrap items-center gap-2 px-4 py-3">
        <p className="min-w-0 flex-1 basis-56 [overflow-wrap:anywhere]">{say.removeAsk(team.name)}</p>
        <Button onClick={() => setAsking(false)}>{words.cancel}</Button>
        <Button look="waiting" disabled={remove.isPending} onClick={() => remove.mutate(team, { onError: () => setAsking(false) })}>
          {say.remove}
        </Button>
      </div>
    );
  }
  if (!isAdmin) return <div className="flex min-h-16 items-center px-4 py-2"><Summary team={team} agents={agents} /></div>;
  return (
    <>
      <div className="flex min-h-16 items-center pe-2">
        <RouteLink to={at(team.id)} className="flex min-h-16 min-w-0 flex-1 items-center px-4 py-2 hover:bg-wash focus-visible:-outline-offset-2">
          <Summary team={team} agents={agents} />
        </RouteLink>
        <Button look="quiet" icon={icons.bin} label={say.removeNamed(team.name)} onClick={() => setAsking(true)} />
      </div>
      {remove.error ? (
        <div className="px-4 pt-1">
          <Failed text={remove.error instanceof Outdated ? words.knowledge.notDeleted((remove.error as Outdated<Team>).newest?.by ?? null) : words.refused.other} />
        </div>
      ) : null}
    </>
  );
}

function Summary({ team: { name, members, assign }, agents }: { team: Team; agents: readonly Colleague[] }) {
  const { me } = useLive();
  const names = agents.filter(({ id }) => members.includes(id)).map((one) => one.name);
  return (
    <span className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <span className="min-w-0">
        <bdi className="block truncate font-medium">{name}</bdi>
        <span className="block text-[13px]/5 text-ink-soft">
          {say.count(members.length)}
          {members.includes(me.id) ? ` · ${say.mine}` : ""}
          {assign === "off" ? "" : ` · ${say.assigned[assign]}`}
        </span>
      </span>
      <Faces names={names} />
    </span>
  );
}

/** So many fit beside a name on a phone. */
const FACES = 5;

function Faces({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  const more = names.length - FACES;
  return (
    <span className="flex items-center -space-x-1.5 rtl:space-x-reverse" title={names.join(", ")}>
      <span className="sr-only">{names.join(", ")}</span>
      {names.slice(0, FACES).map((name) => (
        <span key={name} className="rounded-full ring-2 ring-surface">
          <Avatar role="agent" name={name} />
        </span>
      ))}
      {more > 0 ? <span aria-hidden="true" className="ps-3 text-[13px] text-ink-soft tabular-nums">{`+${String(more)}`}</span> : null}
    </span>
  );
}
