import { newKey } from "@havana/protocol";
import { Avatar, Button, icons } from "@havana/ui";
import { useState } from "react";

import { NewerVersion, Said } from "../knowledge/NewerVersion";
import { Empty, Failed } from "../knowledge/parts";
import { explain } from "../settings/explain";
import { FormEnd, INPUT, Labelled } from "../shell/fields";
import { useLive } from "../shell/live";
import { navigate } from "../shell/route";
import type { Colleague } from "../shell/team";
import type { Team } from "../shell/teams";
import { Outdated } from "../shell/versions";
import { words } from "../words";
import { Assigning } from "./Assigning";
import { at, NEW_TEAM, useSaveTeam, type TeamToSave } from "./teams";
import { teamsWords as say } from "./words";

type Fields = TeamToSave & { id: string };

interface TeamEditorProps {
  item: string;
  teams: readonly Team[];
  agents: readonly Colleague[];
}

/** One team, new or not. */
export function TeamEditor({ item, teams, agents }: TeamEditorProps) {
  const { client } = useLive();
  const [begun] = useState<Fields | null>(() =>
    item === NEW_TEAM ? { id: newKey(client.now()), name: "", members: [], assign: "off", answer_within_s: 180, version: null } : (teams.find(({ id }) => id === item) ?? null),
  );
  if (begun) return <Editor begun={begun} agents={agents} />;
  return (
    <Empty icon={icons.bin} heading={say.gone} lead="">
      <Button onClick={() => navigate(at(null))}>{say.toList}</Button>
    </Empty>
  );
}

function Editor({ begun, agents }: { begun: Fields; agents: readonly Colleague[] }) {
  const [fields, setFields] = useState(begun);
  const save = useSaveTeam(begun.id);
  const leave = () => navigate(at(null));
  const submit = (version: string | null) => {
    const { name, members, assign, answer_within_s } = fields;
    save.mutate({ name, members, assign, answer_within_s, version }, { onSuccess: leave });
  };
  const outdated = save.error instanceof Outdated ? (save.error as Outdated<Team>) : null;
  const nameOf = (id: string) => agents.find((one) => one.id === id)?.name ?? "";
  return (
    // While there is a newer version, no button and no key saves but the one that says over what.
    <form
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!outdated) submit(fields.version);
      }}
    >
      <Labelled label={say.name} hint={say.nameHint}>
        {(field) => (
          <input {...field} required autoFocus={fields.name === ""} maxLength={60} dir="auto" autoComplete="off" value={fields.name} onChange={(event) => setFields({ ...fields, name: event.target.value })} className={INPUT} />
        )}
      </Labelled>
      <Members agents={agents} chosen={fields.members} onChoose={(members) => setFields({ ...fields, members })} />
      <Assigning fields={fields} onChange={(some) => setFields({ ...fields, ...some })} />
      {outdated ? (
        <NewerVersion newest={outdated.newest} deleted={say.deletedMeanwhile} onReplace={() => submit(outdated.newest?.version ?? null)}>
          <Said label={say.name} text={outdated.newest?.name ?? ""} />
          <Said label={say.assign} text={say.how[outdated.newest?.assign ?? "off"]} />
          <Said label={say.members} text={(outdated.newest?.members ?? []).map(nameOf).join(", ")} />
        </NewerVersion>
      ) : save.error ? (
        <Failed text={explain(save.error)} />
      ) : null}
      <FormEnd busy={save.isPending} savable={!outdated} onCancel={leave} />
    </form>
  );
}

interface MembersProps {
  agents: readonly Colleague[];
  chosen: readonly string[];
  onChoose: (members: string[]) => void;
}

function Members({ agents, chosen, onChoose }: MembersProps) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{say.members}</legend>
      <div className="divide-y divide-line overflow-hidden rounded-large border border-line bg-surface">
        {agents.map(({ id, name, role }) => (
          <label key={id} className="flex min-h-14 cursor-pointer items-center gap-3 px-4 py-2 hover:bg-wash">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) => onChoose(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
              className="size-4.5 shrink-0 cursor-pointer accent-palm"
            />
            <Avatar role="agent" name={name} />
            <span className="min-w-0 flex-1">
              <bdi className="block truncate">{name}</bdi>
              <span className="block text-[13px]/5 text-ink-soft">{words.settings.people.role[role]}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
