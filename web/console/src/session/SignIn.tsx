import { Button, Logo } from "@havana/ui";
import { useEffect, useRef, type ReactNode } from "react";

import { Labelled } from "../shell/fields";
import { RestRefused, Unreachable } from "../shell/rest";
import { words } from "../words";
import { useSendsMail } from "./mail";
import { useSignIn } from "./session";

/** The door of the console: e-mail and password, or a one-time link that is tried by itself. */
export function SignIn({ link, onForgotten }: { link: string | null; onForgotten: (email: string) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const sendsMail = useSendsMail();
  const signIn = useSignIn();
  const { mutate } = signIn;
  const tried = useRef(false);
  useEffect(() => {
    // Once only: the link is spent by its first use, and effects run twice in development.
    if (!link || tried.current) return;
    tried.current = true;
    mutate({ link });
  }, [link, mutate]);

  const byLink = signIn.isPending && "link" in signIn.variables;
  return (
    <main className="grid min-h-dvh place-items-center bg-ground p-4">
      <div className="w-full max-w-sm rounded-large border border-line bg-surface p-6 shadow-low sm:p-8">
        <Logo size={40} />
        <h1 className="mt-5 text-xl/7 font-semibold">{words.signIn.heading}</h1>
        <p className="mt-1 text-ink-soft">{byLink ? words.signIn.byLink : words.signIn.lead}</p>
        <form
          ref={form}
          className="mt-6 flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            const fields = new FormData(event.currentTarget);
            mutate({ email: text(fields, "email").trim(), password: text(fields, "password") });
          }}
        >
          <Field label={words.signIn.email} name="email" type="email" autoComplete="username" />
          <Field label={words.signIn.password} name="password" type="password" autoComplete="current-password" />
          {signIn.error ? (
            <p role="alert" className="rounded-medium bg-waiting-soft px-3 py-2 text-waiting">
              {explain(signIn.error, "link" in signIn.variables)}
            </p>
          ) : null}
          <Button type="submit" look="primary" disabled={signIn.isPending}>
            {signIn.isPending ? words.signIn.submitting : words.signIn.submit}
          </Button>
        </form>
        <p className="mt-4 -mb-3 min-h-10 text-center text-[13px]/5 text-ink-soft">
          {sendsMail ? (
            <Button look="quiet" onClick={() => onForgotten(form.current ? text(new FormData(form.current), "email").trim() : "")}>
              {words.signIn.forgot}
            </Button>
          ) : null}
          {sendsMail === false ? `${words.signIn.forgot} ${words.signIn.askAdmin}` : null}
        </p>
      </div>
    </main>
  );
}

interface FieldProps {
  label: string;
  name: string;
  type: "email" | "password";
  autoComplete: string;
}

function Field({ label, ...input }: FieldProps): ReactNode {
  return (
    <Labelled label={label}>
      {(field) => (
        <input {...field} required {...input} className="h-10 rounded-medium border border-line bg-ground px-3 text-base/6 pointer-coarse:h-11" />
      )}
    </Labelled>
  );
}

function text(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === "string" ? value : "";
}

function explain(error: Error, byLink: boolean): string {
  if (error instanceof Unreachable) return words.signIn.unreachable;
  if (!(error instanceof RestRefused)) return words.signIn.failed;
  if (error.status === 429) return words.signIn.slowDown;
  if (error.status >= 500) return words.signIn.failed;
  return byLink ? words.signIn.linkUsed : words.signIn.wrong;
}
