import { Button } from "@havana/ui";
import { useState } from "react";

import { explain } from "../settings/explain";
import { Card, Outcome, Row } from "../settings/parts";
import { INPUT, Labelled } from "../shell/fields";
import { words } from "../words";
import { problemsOf } from "./problems";
import { useAddSite } from "./settings";
import { siteWords as say } from "./words";

/** A website that is not there yet: its name and its key; the rest is set afterwards. */
export function AddSite({ onAdded, onCancel }: { onAdded: (key: string) => void; onCancel: () => void }) {
  const [name, setName] = useState("");
  const [typed, setTyped] = useState<string | null>(null);
  const key = typed ?? keyOf(name);
  const add = useAddSite();
  const problems = problemsOf(add.error);
  return (
    <form
      aria-label={say.add}
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate({ key, name }, { onSuccess: (made) => onAdded(made.key) });
      }}
    >
      <Card>
        <div>
          <h3 className="font-medium">{say.add}</h3>
          <p className="text-[13px]/5 text-ink-soft">{say.addLead}</p>
        </div>
        <Row>
          <Labelled label={say.name} hint={say.nameHint} problem={problems.name}>
            {(field) => <input {...field} required autoFocus maxLength={200} dir="auto" autoComplete="off" value={name} onChange={(event) => { setName(event.target.value); add.reset(); }} className={INPUT} />}
          </Labelled>
          <Labelled label={say.key} hint={say.keyHint} problem={problems.key}>
            {(field) => <input {...field} required maxLength={64} dir="ltr" autoComplete="off" autoCapitalize="none" spellCheck={false} value={key} onChange={(event) => { setTyped(event.target.value); add.reset(); }} className={INPUT} />}
          </Labelled>
        </Row>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" look="primary" disabled={add.isPending}>
            {say.make}
          </Button>
          <Button onClick={onCancel}>{words.cancel}</Button>
          <Outcome text={add.error && Object.keys(problems).length === 0 ? explain(add.error) : ""} failed={add.isError} />
        </div>
      </Card>
    </form>
  );
}

/** A key as one would choose it for this name. */
export function keyOf(name: string): string {
  return name.normalize("NFKD").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 64);
}
