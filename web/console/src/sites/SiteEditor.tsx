import { Button, Icon, icons } from "@havana/ui";
import { useEffect, useMemo, useRef } from "react";

import { NewerVersion, Said } from "../knowledge/NewerVersion";
import { Empty, Failed, ListSkeleton } from "../knowledge/parts";
import { explain } from "../settings/explain";
import { Outcome } from "../settings/parts";
import { RestRefused } from "../shell/rest";
import { navigate } from "../shell/route";
import { RouteLink } from "../shell/RouteLink";
import { useStore } from "../shell/useStore";
import { Outdated } from "../shell/versions";
import { differences } from "./differences";
import { fieldsOf, toSave, type SiteFields } from "./editing";
import { siteEdits } from "./edits";
import { at } from "./place";
import { problemsOf } from "./problems";
import { useSaveSettings, useSettings, type Settings, type ToSave } from "./settings";
import { SiteForm } from "./SiteForm";
import { siteWords as say } from "./words";

/** One website, with all that can be set about it here. */
export function SiteEditor({ site }: { site: string }) {
  const { data, error } = useSettings(site);
  if (data) return <Editor site={data} />;
  if (error instanceof RestRefused && error.code === "not_found") {
    return (
      <Empty icon={icons.bin} heading={say.gone} lead="">
        <Button onClick={() => navigate(at(null))}>{say.toList}</Button>
      </Empty>
    );
  }
  return error ? <Failed text={say.notLoaded} /> : <ListSkeleton />;
}

function Editor({ site }: { site: Settings }) {
  const { key } = site;
  const begun = useStore(useMemo(() => siteEdits.of(key), [key]));
  const fields = begun ?? fieldsOf(site);
  const save = useSaveSettings(key);
  const form = useRef<HTMLFormElement>(null);
  const problems = problemsOf(save.error);
  const wrong = Object.keys(problems).length;
  const outdated = save.error instanceof Outdated ? (save.error as Outdated<Settings>) : null;
  // Where the first thing is to be put right.
  useEffect(() => {
    if (wrong > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [save.error, wrong]);
  const change = (some: Partial<SiteFields>) => {
    siteEdits.change(key, { ...fields, ...some });
    if (!outdated && !save.isIdle) save.reset();
  };
  const submit = (version: string) => {
    save.mutate({ ...toSave(fields), version }, { onSuccess: () => siteEdits.change(key, null) });
  };
  const discard = () => {
    siteEdits.change(key, null);
    save.reset();
  };
  return (
    // While there is a newer version, nothing saves but the button that says over what.
    <form ref={form} noValidate aria-label={site.name} onSubmit={(event) => { event.preventDefault(); if (!outdated) submit(fields.version); }}>
      <Head site={site} />
      <SiteForm site={site} fields={fields} problems={problems} onChange={change} />
      <div className="sticky bottom-0 -mx-4 border-t border-line bg-ground px-4 py-3 md:-mx-6 md:px-6">
        {outdated ? <Newer mine={toSave(fields)} newest={outdated.newest} onReplace={submit} /> : null}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          {outdated ? null : (
            <Button type="submit" look="primary" disabled={save.isPending || !begun}>
              {save.isPending ? say.saving : say.save}
            </Button>
          )}
          {begun ? (
            <Button look="quiet" onClick={discard}>
              {say.discard}
            </Button>
          ) : null}
          <Outcome failed={save.isError && !outdated} text={save.error ? whyNot(save.error, wrong) : begun ? say.unsaved : save.isSuccess ? say.saved : ""} />
        </div>
      </div>
    </form>
  );
}

function Head({ site }: { site: Settings }) {
  return (
    <div className="mb-4">
      <RouteLink to={at(null)} className="-ms-1 inline-flex min-h-10 items-center gap-1 rounded-small px-1 text-[13px]/5 text-ink-soft hover:text-ink">
        <Icon outline={icons.back} />
        {say.heading}
      </RouteLink>
      <h2 dir="auto" className="text-left text-base/6 font-semibold [overflow-wrap:anywhere]">{site.name}</h2>
      <p className="text-[13px]/5 text-ink-soft">
        {site.key} · {say.lastSet(site.by)}
      </p>
    </div>
  );
}

function Newer({ mine, newest, onReplace }: { mine: ToSave; newest: Settings | null; onReplace: (version: string) => void }) {
  return (
    <div className="mb-3 max-h-[50vh] overflow-y-auto">
      <NewerVersion newest={newest} deleted={say.deleted} onReplace={() => { if (newest) onReplace(newest.version); }}>
        {newest ? differences(mine, newest).map(([label, text]) => <Said key={label} label={label} text={text} />) : null}
      </NewerVersion>
    </div>
  );
}

function whyNot(error: Error, wrong: number): string {
  if (error instanceof Outdated) return "";
  return wrong > 0 ? say.wrong(wrong) : explain(error);
}
