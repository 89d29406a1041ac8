import { Button, fullTime } from "@havana/ui";
import { useEffect, useRef, useState } from "react";

import { INPUT, Labelled } from "../shell/fields";
import { Card, Outcome } from "./parts";
import type { MadeLink } from "./people";
import { peopleWords as say } from "./peopleWords";

/** A link that was just made, to be handed on: it is told this once. */
export function LinkCard({ made: { person, link }, onClose }: { made: MadeLink; onClose: () => void }) {
  const until = fullTime(person.link_until ?? "");
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<boolean | null>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.origin + link);
      setOutcome(true);
    } catch {
      // Not allowed, or the page did not come over a safe connection.
      field.current?.select();
      setOutcome(false);
    }
  };
  return (
    <Card>
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <Labelled label={say.linkFor(person.name)} hint={person.mailed ? say.mailedLink(person.name, person.email, until) : say.linkLead(person.name, until)}>
            {(props) => <input {...props} ref={field} readOnly dir="ltr" value={location.origin + link} className={INPUT} />}
          </Labelled>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button look="primary" onClick={() => void copy()}>
          {say.copy}
        </Button>
        <Button onClick={onClose}>{say.close}</Button>
        <Outcome text={outcome === null ? "" : outcome ? say.copied : say.copyFailed} failed={outcome === false} />
      </div>
    </Card>
  );
}
