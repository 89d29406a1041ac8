import { useId, type ReactNode } from "react";

import { useLive } from "../shell/live";
import { useSites } from "../shell/sites";
import { useTeam } from "../shell/team";
import { dayOf, searchOf, type Wanted } from "./address";
import { show } from "./AddressLink";
import { reports as words } from "./words";

const FIELD = "h-10 min-w-0 max-w-full rounded-medium border border-line bg-surface px-2.5 pointer-coarse:h-11";

/** The days, the website and the agent of a report; the address keeps them. */
export function Filters({ wanted }: { wanted: Wanted }) {
  const { me } = useLive();
  const sites = useSites().data ?? [];
  const team = useTeam(me.role === "admin").data ?? [];
  const change = (by: Partial<Wanted>) => show(searchOf({ ...wanted, ...by }));
  const today = dayOf(new Date());
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <Field label={words.range}>
        {(id) => (
          <select id={id} value={wanted.range} onChange={({ target }) => change({ range: target.value as Wanted["range"] })} className={FIELD}>
            {(["7", "30", "custom"] as const).map((range) => (
              <option key={range} value={range}>{words.ranges[range]}</option>
            ))}
          </select>
        )}
      </Field>
      {wanted.range === "custom" ? (
        <>
          <Field label={words.from}>
            {(id) => <input id={id} type="date" required max={wanted.to} value={wanted.from} onChange={({ target }) => target.value && change({ from: target.value })} className={FIELD} />}
          </Field>
          <Field label={words.to}>
            {(id) => <input id={id} type="date" required min={wanted.from} max={today} value={wanted.to} onChange={({ target }) => target.value && change({ to: target.value })} className={FIELD} />}
          </Field>
        </>
      ) : null}
      {sites.length > 1 ? (
        <Field label={words.site}>
          {(id) => (
            <select id={id} value={wanted.site ?? ""} onChange={({ target }) => change({ site: target.value || null })} className={FIELD}>
              <option value="">{words.allSites}</option>
              {sites.map(({ key, name }) => <option key={key} value={key}>{name}</option>)}
            </select>
          )}
        </Field>
      ) : null}
      <Field label={words.agent}>
        {(id) => (
          <select id={id} value={wanted.agent ?? ""} onChange={({ target }) => change({ agent: target.value || null })} className={FIELD}>
            <option value="">{words.everybody}</option>
            <option value={me.id}>{words.me}</option>
            {team.filter((one) => one.id !== me.id).map(({ id: agent, name }) => <option key={agent} value={agent}>{name}</option>)}
          </select>
        )}
      </Field>
    </div>
  );
}

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="max-w-full min-w-0">
      <label htmlFor={id} className="sr-only">{label}</label>
      {children(id)}
    </div>
  );
}
