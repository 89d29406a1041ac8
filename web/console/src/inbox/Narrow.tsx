import { Button, Icon, icons } from "@havana/ui";
import * as Popover from "@radix-ui/react-popover";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { INPUT, Labelled } from "../shell/fields";
import { useLive } from "../shell/live";
import { rest } from "../shell/rest";
import { useSites } from "../shell/sites";
import { useTeam } from "../shell/team";
import { useTeams } from "../shell/teams";
import { words } from "../words";
import { effective, EVERYTHING, MY_TEAMS, type Narrowed, type View } from "./views";

interface NarrowProps {
  view: View;
  narrowed: Narrowed;
  onNarrow: (narrowed: Narrowed) => void;
}

interface Choice {
  value: string;
  name: string;
}

type Choices = Readonly<Record<keyof Narrowed, readonly Choice[]>>;

const BY = ["site", "label", "agent", "team"] as const;

/** What there is to choose from, asked for when somebody wants to choose. */
function useChoices(wanted: boolean): Choices {
  const { me } = useLive();
  const team = useTeam(wanted);
  const teams = useTeams(wanted).data ?? [];
  const sites = useSites(wanted);
  const labels = useQuery({
    queryKey: ["labels"],
    enabled: wanted,
    queryFn: async () => ((await rest("GET", "/api/labels")) as { labels: { label: string }[] }).labels,
  });
  const named = ({ id, name }: { id: string; name: string }) => ({ value: id, name });
  return {
    site: (sites.data ?? []).map(named),
    label: (labels.data ?? []).map(({ label }) => ({ value: label, name: label })),
    agent: (team.data ?? []).map(named),
    team: [
      ...(teams.some(({ members }) => members.includes(me.id)) ? [{ value: MY_TEAMS, name: words.inbox.myTeams }] : []),
      ...teams.map(named),
    ],
  };
}

/** The button that opens what the list can be narrowed by. */
export function NarrowButton({ view, narrowed, onNarrow }: NarrowProps) {
  const [open, setOpen] = useState(false);
  const choices = useChoices(open);
  const shown = BY.filter((by) => choices[by].length > (by === "site" ? 1 : 0) && (by !== "agent" || view === "open") && (by !== "team" || view === "waiting"));
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Anchor asChild>
        <span>
          <Button look="quiet" icon={icons.filter} label={words.inbox.narrow} expanded={open} onClick={() => setOpen(!open)} />
        </span>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          aria-label={words.inbox.narrow}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="hv-appear z-30 flex w-72 max-w-[calc(100vw-16px)] flex-col gap-3 rounded-medium border border-line bg-raised p-4 shadow-raised outline-none"
        >
          {shown.length === 0 ? <p className="text-ink-soft">{words.inbox.nothingToNarrow}</p> : null}
          {shown.map((by) => (
            <Select
              key={by}
              label={words.inbox.by[by]}
              choices={choices[by]}
              value={narrowed[by]}
              onChange={(value) => onNarrow({ ...narrowed, [by]: value })}
            />
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface SelectProps {
  label: string;
  choices: readonly Choice[];
  value: string | null;
  onChange: (value: string | null) => void;
}

function Select({ label, choices, value, onChange }: SelectProps) {
  return (
    <Labelled label={label}>
      {(field) => (
        <select {...field} value={value ?? ""} onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)} className={INPUT}>
          <option value="">{words.inbox.any}</option>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.name}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** What the list is narrowed by, with the way out: nobody should miss a conversation because of a forgotten filter. */
export function NarrowedBy({ view, narrowed, onNarrow }: NarrowProps) {
  const active = BY.filter((by) => effective(view, narrowed)[by] !== null);
  const choices = useChoices(active.length > 0);
  if (active.length === 0) return null;
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-1.5 border-b border-line px-4 py-2">
      {active.map((by) => {
        const name = choices[by].find(({ value }) => value === narrowed[by])?.name ?? "";
        return (
          <button
            key={by}
            type="button"
            aria-label={words.inbox.notBy(words.inbox.by[by], name)}
            onClick={() => onNarrow({ ...narrowed, [by]: null })}
            className="inline-flex h-9 max-w-full cursor-pointer items-center gap-1.5 rounded-full bg-wash ps-3 pe-2 text-[13px] hover:bg-line pointer-coarse:h-11"
          >
            <span className="shrink-0 text-ink-soft">{words.inbox.by[by]}</span>
            <bdi className="truncate font-medium">{name}</bdi>
            <Icon outline={icons.close} className="shrink-0" />
          </button>
        );
      })}
      {active.length > 1 ? (
        <button type="button" onClick={() => onNarrow(EVERYTHING)} className="h-9 cursor-pointer px-2 text-[13px] underline underline-offset-2 pointer-coarse:h-11">
          {words.inbox.byNothing}
        </button>
      ) : null}
    </div>
  );
}
