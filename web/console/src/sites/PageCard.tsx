import { Button } from "@havana/ui";
import { useRef, useState } from "react";

import { Card, Outcome } from "../settings/parts";
import { INPUT, Labelled } from "../shell/fields";
import type { Settings } from "./settings";
import { siteWords as say } from "./words";

/** Where visitors of this website find the chat. */
export function PageCard({ site }: { site: Settings }) {
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<boolean | null>(null);
  const address = `${location.origin}/chat/${encodeURIComponent(site.key)}`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      setOutcome(true);
    } catch {
      // Not allowed, or the page did not come over a safe connection.
      field.current?.select();
      setOutcome(false);
    }
  };
  return (
    <Card>
      <Labelled label={say.page} hint={say.pageHint}>
        {(props) => (
          <div className="flex gap-2">
            <input {...props} ref={field} readOnly dir="ltr" value={address} className={INPUT} />
            <Button onClick={() => void copy()}>{say.copy}</Button>
          </div>
        )}
      </Labelled>
      {outcome === null ? null : <Outcome text={outcome ? say.copied : say.copyFailed} failed={!outcome} />}
    </Card>
  );
}
