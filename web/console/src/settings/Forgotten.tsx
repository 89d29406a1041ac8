import { Button, Logo } from "@havana/ui";
import { useEffect, useRef } from "react";

import { INPUT, Labelled } from "../shell/fields";
import { RestRefused } from "../shell/rest";
import { useForgotten } from "./people";
import { peopleWords } from "./peopleWords";

const say = peopleWords.forgotten;

/** The door for whoever forgot their password. It is the same whether or not somebody has that address. */
export function Forgotten({ email, onDone }: { email: string; onDone: () => void }) {
  const forgotten = useForgotten();
  return (
    <main className="grid min-h-dvh place-items-center bg-ground p-4">
      <div className="w-full max-w-sm rounded-large border border-line bg-surface p-6 shadow-low sm:p-8">
        <Logo size={40} />
        {forgotten.isSuccess ? (
          <Sent email={forgotten.variables} onDone={onDone} />
        ) : (
          <>
            <h1 className="mt-5 text-xl/7 font-semibold">{say.heading}</h1>
            <p className="mt-1 text-ink-soft">{say.lead}</p>
            <form
              className="mt-6 flex flex-col gap-4"
              onSubmit={(event) => {
                event.preventDefault();
                const typed = new FormData(event.currentTarget).get("email");
                if (typeof typed === "string") forgotten.mutate(typed.trim());
              }}
            >
              <Labelled label={peopleWords.email}>
                {(field) => <input {...field} name="email" type="email" required autoFocus maxLength={320} autoComplete="username" defaultValue={email} className={INPUT} />}
              </Labelled>
              {forgotten.error ? (
                <p role="alert" className="rounded-medium bg-waiting-soft px-3 py-2 text-waiting">
                  {explain(forgotten.error)}
                </p>
              ) : null}
              <div className="flex flex-wrap gap-2">
                <Button type="submit" look="primary" disabled={forgotten.isPending}>
                  {say.send}
                </Button>
                <Button look="quiet" onClick={onDone}>
                  {say.back}
                </Button>
              </div>
            </form>
          </>
        )}
      </div>
    </main>
  );
}

function Sent({ email, onDone }: { email: string; onDone: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className="mt-5 text-xl/7 font-semibold outline-none">
        {say.sent}
      </h1>
      <p className="mt-1 [overflow-wrap:anywhere]">{say.sentLead(email)}</p>
      <p className="mt-3 mb-6 text-ink-soft">{say.nothing}</p>
      <Button onClick={onDone}>{peopleWords.door.toSignIn}</Button>
    </>
  );
}

function explain(error: Error): string {
  switch (error instanceof RestRefused ? error.status : 0) {
    case 400:
      return say.wrong;
    case 429:
      return say.slowDown;
    default:
      return peopleWords.failed;
  }
}
