import { Button, icons } from "@havana/ui";
import { useMemo, useState } from "react";

import { NewerVersion, Said } from "../knowledge/NewerVersion";
import { Empty, Failed } from "../knowledge/parts";
import { FormEnd } from "../shell/fields";
import { useLive } from "../shell/live";
import { RestRefused, Unreachable } from "../shell/rest";
import { navigate } from "../shell/route";
import { useStore } from "../shell/useStore";
import { Outdated } from "../shell/versions";
import { words } from "../words";
import { CannedForm } from "./CannedForm";
import { useSaveCanned, type CannedAnswer, type CannedAnswers } from "./canned";
import { cannedEdits, emptyFields, fieldsOf, type CannedFields } from "./editing";
import { at, NEW_CANNED } from "./place";

/** One canned answer, new or not. */
export function CannedEditor({ item, answers, sites }: CannedAnswers & { item: string }) {
  const { client } = useLive();
  const kept = useStore(useMemo(() => cannedEdits.of(item), [item]));
  const [begun] = useState(() => {
    if (item === NEW_CANNED) return emptyFields(client.now());
    const known = answers.find(({ id }) => id === item);
    return known ? fieldsOf(known) : null;
  });
  const fields = kept ?? begun;
  if (fields) return <Editor item={item} fields={fields} sites={sites} />;
  return (
    <Empty icon={icons.bin} heading={words.canned.gone} lead="">
      <Button onClick={() => navigate(at(null))}>{words.canned.toList}</Button>
    </Empty>
  );
}

interface EditorProps {
  item: string;
  fields: CannedFields;
  sites: CannedAnswers["sites"];
}

function Editor({ item, fields, sites }: EditorProps) {
  const save = useSaveCanned(fields.id);
  const leave = () => {
    cannedEdits.change(item, null);
    navigate(at(null));
  };
  const submit = (version: string | null) => {
    const { name, text, site } = fields;
    save.mutate({ name, text, site, version }, { onSuccess: leave });
  };
  const outdated = save.error instanceof Outdated ? (save.error as Outdated<CannedAnswer>) : null;
  return (
    // While there is a newer version, no button and no key saves but the one that says over what.
    <form className="flex flex-col gap-5" onSubmit={(event) => { event.preventDefault(); if (!outdated) submit(fields.version); }}>
      <CannedForm fields={fields} sites={sites} onChange={(some) => { cannedEdits.change(item, { ...fields, ...some }); }} />
      {outdated ? (
        <NewerVersion newest={outdated.newest} deleted={words.canned.deletedMeanwhile} onReplace={() => { submit(outdated.newest?.version ?? null); }}>
          <Said label={words.canned.name} text={outdated.newest?.name ?? ""} />
          <Said label={words.canned.text} text={outdated.newest?.text ?? ""} />
        </NewerVersion>
      ) : save.error ? (
        <Failed text={explain(save.error)} />
      ) : null}
      <FormEnd busy={save.isPending} savable={!outdated} onCancel={leave} />
    </form>
  );
}

function explain(error: Error): string {
  if (error instanceof Unreachable) return words.knowledge.notReached;
  return (error instanceof RestRefused && error.message) || words.refused.other;
}
