import { Button } from "@havana/ui";
import { useState } from "react";

import { Failed, ListSkeleton } from "../knowledge/parts";
import { useChangePassword, useProfile, useRename, type Profile } from "../profile/profile";
import { INPUT, Labelled } from "../shell/fields";
import { RestRefused } from "../shell/rest";
import { words } from "../words";
import { Card, Outcome } from "./parts";

/** Who one is here: what an agent changes about themselves. */
export function ProfilePage() {
  const { data: mine, isPending } = useProfile();
  const say = words.settings.profile;
  return (
    <>
      <h2 className="text-base/6 font-semibold">{say.heading}</h2>
      <p className="mb-4 text-ink-soft">{say.lead}</p>
      {isPending ? <ListSkeleton /> : null}
      {!isPending && !mine ? <Failed text={say.notLoaded} /> : null}
      {mine ? (
        <>
          <Name mine={mine} />
          <Password has={mine.has_password} email={mine.email} />
        </>
      ) : null}
    </>
  );
}

function Name({ mine }: { mine: Profile }) {
  const say = words.settings.profile;
  const [name, setName] = useState(mine.name);
  const rename = useRename();
  const written = name.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate(written, { onSuccess: (now) => setName(now.name) });
      }}
    >
      <Card>
        <Labelled label={say.name} hint={say.nameHint}>
          {(field) => (
            <input
              {...field}
              required
              maxLength={200}
              dir="auto"
              autoComplete="name"
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                rename.reset();
              }}
              className={INPUT}
            />
          )}
        </Labelled>
        <Labelled label={say.email}>{(field) => <input {...field} readOnly value={mine.email} className={`${INPUT} text-ink-soft`} />}</Labelled>
        <div className="flex items-center gap-3">
          <Button type="submit" look="primary" disabled={rename.isPending || written === "" || written === mine.name}>
            {say.save}
          </Button>
          <Outcome text={rename.isError ? say.failed : rename.isSuccess ? say.saved : ""} failed={rename.isError} />
        </div>
      </Card>
    </form>
  );
}

function Password({ has, email }: { has: boolean; email: string }) {
  const say = words.settings.profile;
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const change = useChangePassword();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const done = () => {
          setCurrent("");
          setFresh("");
        };
        change.mutate({ current, new: fresh }, { onSuccess: done });
      }}
    >
      <Card>
        <div>
          <h3 className="font-medium">{say.password}</h3>
          <p className="text-[13px]/5 text-ink-soft">{has ? say.passwordLead : say.passwordNone}</p>
        </div>
        {/* So that a password manager knows whose it is. */}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        {has ? (
          <Labelled label={say.current}>
            {(field) => (
              <input {...field} type="password" required autoComplete="current-password" value={current} onChange={(event) => setCurrent(event.target.value)} className={INPUT} />
            )}
          </Labelled>
        ) : null}
        <Labelled label={say.fresh} hint={say.freshHint}>
          {(field) => (
            <input {...field} type="password" required minLength={8} autoComplete="new-password" value={fresh} onChange={(event) => setFresh(event.target.value)} className={INPUT} />
          )}
        </Labelled>
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={change.isPending || fresh === "" || (has && current === "")}>
            {has ? say.change : say.set}
          </Button>
          <Outcome text={change.error ? explain(change.error) : change.isSuccess ? say.changed : ""} failed={change.isError} />
        </div>
      </Card>
    </form>
  );
}

function explain(error: Error): string {
  const say = words.settings.profile;
  if (!(error instanceof RestRefused)) return say.failed;
  switch (error.status) {
    case 400:
      return say.weak;
    case 403:
      return say.wrong;
    case 429:
      return say.slowDown;
    default:
      return say.failed;
  }
}
