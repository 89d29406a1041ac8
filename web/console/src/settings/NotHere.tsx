import { Avatar, Button, fullTime } from "@havana/ui";

import { words } from "../words";
import type { Act, Person } from "./people";
import { peopleWords as say } from "./peopleWords";

interface NotHereProps {
  people: readonly Person[];
  busy: boolean;
  onAct: (act: Act) => void;
  onLink: (id: string) => void;
}

/** Who is not on the team yet, or not any more. */
export function NotHere({ people, ...does }: NotHereProps) {
  return (
    <>
      {(["invited", "deactivated"] as const).map((state) => {
        const some = people.filter((person) => person.state === state);
        if (some.length === 0) return null;
        return (
          <section key={state} aria-label={say[state]} className="mt-6">
            <h3 className="mb-2 font-medium">{say[state]}</h3>
            <ul className="divide-y divide-line overflow-hidden rounded-large border border-line bg-surface">
              {some.map((person) => (
                <Row key={person.id} person={person} {...does} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

function Row({ person, busy, onAct, onLink }: { person: Person } & Omit<NotHereProps, "people">) {
  const { id, name, email, role, state, link_until: until, mailed } = person;
  return (
    <li className="flex min-h-16 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
      <Avatar role="agent" name={name} />
      <span className="min-w-0 flex-1 basis-40">
        <span className="block truncate">
          <bdi className="font-medium">{name}</bdi> <span className="text-ink-soft">{email}</span>
        </span>
        <span className="block text-[13px]/5 text-ink-soft">
          {words.settings.people.role[role]}
          {" · "}
          {mailed ? `${say.mailed[mailed.state]} · ` : ""}
          {state === "invited" ? (until ? say.linkUntil(fullTime(until)) : say.linkOver) : say.cannot}
        </span>
        {mailed?.error ? <span className={`block text-[13px]/5 [overflow-wrap:anywhere] ${mailed.state === "failed" ? "text-waiting" : "text-ink-soft"}`}>{say.why(mailed)}</span> : null}
      </span>
      <span className="ms-auto flex flex-wrap items-center gap-2">
        {state === "invited" ? (
          <>
            <Button label={say.newInvitationFor(name)} disabled={busy} onClick={() => onLink(id)}>
              {say.newInvitation}
            </Button>
            <Button label={say.withdrawFor(name)} disabled={busy} onClick={() => onAct({ do: "withdraw", id })}>
              {say.withdraw}
            </Button>
          </>
        ) : (
          <Button label={say.reactivateNamed(name)} disabled={busy} onClick={() => onAct({ do: "reactivate", id })}>
            {say.reactivate}
          </Button>
        )}
      </span>
    </li>
  );
}
