import { Button, Logo } from "@havana/ui";
import { useQueryClient } from "@tanstack/react-query";

import { SESSION, type SignedIn } from "../session/session";
import { INPUT, Labelled } from "../shell/fields";
import { RestRefused } from "../shell/rest";
import { useBehindLink, useFollowLink, type BehindLink } from "./people";
import { peopleWords } from "./peopleWords";

const say = peopleWords.door;

/** The door for whoever has a link by which they choose a password: an invitation, or because they forgot theirs. */
export function Choose({ link, onDone }: { link: string; onDone: () => void }) {
  const queries = useQueryClient();
  const { data, error } = useBehindLink(link);
  return (
    <main className="grid min-h-dvh place-items-center bg-ground p-4">
      <div className="w-full max-w-sm rounded-large border border-line bg-surface p-6 shadow-low sm:p-8">
        <Logo size={40} />
        {data ? (
          <Password
            link={link}
            whose={data}
            onDone={(agent) => {
              queries.setQueryData(SESSION, agent);
              onDone();
            }}
          />
        ) : null}
        {error ? (
          <>
            <h1 role="alert" className="mt-5 mb-4 text-[15px]/6">
              {explain(error)}
            </h1>
            <Button onClick={onDone}>{say.toSignIn}</Button>
          </>
        ) : null}
      </div>
    </main>
  );
}

function Password({ link, whose, onDone }: { link: string; whose: BehindLink; onDone: (agent: SignedIn) => void }) {
  const follow = useFollowLink(link);
  return (
    <>
      <h1 className="mt-5 text-xl/7 font-semibold [overflow-wrap:anywhere]">{whose.invited ? say.welcome(whose.name) : say.back(whose.name)}</h1>
      <p className="mt-1 text-ink-soft">{say.lead}</p>
      <form
        className="mt-6 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const password = new FormData(event.currentTarget).get("password");
          if (typeof password === "string") follow.mutate(password, { onSuccess: onDone });
        }}
      >
        <Labelled label={peopleWords.email}>
          {(field) => <input {...field} readOnly name="username" autoComplete="username" value={whose.email} className={`${INPUT} text-ink-soft`} />}
        </Labelled>
        <Labelled label={say.password} hint={say.hint}>
          {(field) => <input {...field} name="password" type="password" required autoFocus minLength={8} maxLength={1024} autoComplete="new-password" className={INPUT} />}
        </Labelled>
        {follow.error ? (
          <p role="alert" className="rounded-medium bg-waiting-soft px-3 py-2 text-waiting">
            {explain(follow.error)}
          </p>
        ) : null}
        <Button type="submit" look="primary" disabled={follow.isPending}>
          {whose.invited ? say.join : say.save}
        </Button>
      </form>
    </>
  );
}

function explain(error: Error): string {
  switch (error instanceof RestRefused ? error.status : 0) {
    case 400:
      return say.weak;
    case 401:
      return say.over;
    case 429:
      return say.slowDown;
    default:
      return say.failed;
  }
}
