import type { ContextPush } from "@havana/protocol";
import { Button, icons, safeHref } from "@havana/ui";
import { useEffect, useRef, useState, type ReactNode } from "react";

import { AddDetail } from "./AddDetail";
import { detailOf, LONGEST, ownDetails } from "./details";
import { Editable } from "./Editable";
import { Line, LINES } from "./Line";
import { about } from "./words";

interface DetailsProps {
  visitor: string;
  told: ContextPush | null;
}

/** What the team wrote down of the visitor, each changed where it stands. */
export function Details({ visitor, told }: DetailsProps) {
  return (
    <section aria-label={about.details} className="border-t border-line p-4 pb-2">
      <dl className={LINES}>
        <Line name={about.email}>
          <Editable {...{ visitor }} field="email" detail={detailOf(told, "email")} what={about.what.email} add={about.add.email} longest={LONGEST.email}>
            {(value) => <MailLink email={value} />}
          </Editable>
        </Line>
        {ownDetails(told).map((detail) => (
          <Line key={detail.field} name={detail.field}>
            <Editable {...{ visitor, detail }} field={detail.field} what={detail.field} longest={LONGEST.own}>
              {(value) => <bdi>{value}</bdi>}
            </Editable>
          </Line>
        ))}
        <Line name={about.notes} long>
          <Editable {...{ visitor }} field="notes" detail={detailOf(told, "notes")} what={about.what.notes} add={about.add.notes} lines longest={LONGEST.notes}>
            {(value) => <Notes text={value} />}
          </Editable>
        </Line>
      </dl>
      <Adding visitor={visitor} told={told} />
    </section>
  );
}

export function MailLink({ email }: { email: string }) {
  const href = safeHref(`mailto:${encodeURIComponent(email).replace("%40", "@")}`);
  if (!href) return <bdi>{email}</bdi>;
  return (
    <a href={href} className="text-palm underline underline-offset-2">
      <bdi>{email}</bdi>
    </a>
  );
}

/** In the colour of all that only the team reads. */
function Notes({ text }: { text: string }): ReactNode {
  return (
    <p dir="auto" className="rounded-medium border border-note-line bg-note px-2.5 py-1.5 whitespace-pre-wrap text-note-ink">
      {text}
    </p>
  );
}

function Adding({ visitor, told }: DetailsProps) {
  const [adding, setAdding] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const returns = useRef(false);
  useEffect(() => {
    if (!adding && returns.current) place.current?.querySelector("button")?.focus();
    returns.current = false;
  }, [adding]);
  if (adding) {
    return (
      <AddDetail
        visitor={visitor}
        told={told}
        onDone={(returning) => {
          returns.current = returning;
          setAdding(false);
        }}
      />
    );
  }
  return (
    <div ref={place} className="-ms-3">
      <Button look="quiet" icon={icons.plus} className="text-[13px]/5" onClick={() => { setAdding(true); }}>
        {about.addOwn}
      </Button>
    </div>
  );
}
