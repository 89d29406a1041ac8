import { Button, Icon, icons } from "@havana/ui";
import { useState } from "react";

import { Failed, ListSkeleton } from "../knowledge/parts";
import { navigate } from "../shell/route";
import { RouteLink } from "../shell/RouteLink";
import { useSites, type Site } from "../shell/sites";
import { AddSite } from "./AddSite";
import { at } from "./place";
import { SiteEditor } from "./SiteEditor";
import { siteWords as say } from "./words";

/** Every website: the list, or the one that is being set up. For admins. */
export function SitesPage({ item }: { item: string | null }) {
  if (item !== null) return <SiteEditor key={item} site={item} />;
  return <List />;
}

function List() {
  const { data, isError } = useSites();
  const [adding, setAdding] = useState(false);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-base/6 font-semibold">{say.heading}</h2>
          <p className="text-ink-soft">{say.lead}</p>
        </div>
        {adding ? null : (
          <Button look="primary" onClick={() => setAdding(true)}>
            {say.add}
          </Button>
        )}
      </div>
      {adding ? <AddSite onAdded={(key) => navigate(at(key))} onCancel={() => setAdding(false)} /> : null}
      {data ? (
        <ul className="divide-y divide-line overflow-hidden rounded-large border border-line bg-surface">
          {data.map((site) => (
            <Row key={site.id} site={site} />
          ))}
        </ul>
      ) : isError ? (
        <Failed text={say.notLoaded} />
      ) : (
        <ListSkeleton />
      )}
    </>
  );
}

function Row({ site: { key, name, wait_target_s: target } }: { site: Site }) {
  return (
    <li>
      <RouteLink to={at(key)} className="flex min-h-16 items-center gap-3 px-4 py-2 hover:bg-wash focus-visible:-outline-offset-2">
        <span className="grid size-9 shrink-0 place-items-center rounded-medium bg-palm-soft font-semibold text-palm" aria-hidden="true">
          {name.slice(0, 1).toUpperCase()}
        </span>
        <span className="min-w-0 flex-1">
          <bdi className="block truncate font-medium">{name}</bdi>
          <span className="block truncate text-[13px]/5 text-ink-soft">
            {key} · {say.target(minutes(target))}
          </span>
        </span>
        <span className="-rotate-90 text-ink-soft rtl:rotate-90">
          <Icon outline={icons.chevron} />
        </span>
      </RouteLink>
    </li>
  );
}

function minutes(seconds: number): string {
  return new Intl.NumberFormat("en", { style: "unit", unit: seconds < 60 ? "second" : "minute", unitDisplay: "long", maximumFractionDigits: 1 }).format(seconds < 60 ? seconds : seconds / 60);
}
