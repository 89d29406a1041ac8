import { Button } from "@havana/ui";
import { useState } from "react";

import { useSendsMail } from "../session/mail";
import { INPUT, Labelled } from "../shell/fields";
import { words } from "../words";
import { explain } from "./explain";
import { Card, Outcome, Row } from "./parts";
import { useInvite, type MadeLink, type ToInvite } from "./people";
import { peopleWords as say } from "./peopleWords";

/** Who comes to the team, and as what. */
export function InviteForm({ onMade, onCancel }: { onMade: (made: MadeLink) => void; onCancel: () => void }) {
  const [person, setPerson] = useState<ToInvite>({ name: "", email: "", role: "agent" });
  const invite = useInvite();
  const sendsMail = useSendsMail();
  const change = (some: Partial<ToInvite>) => {
    setPerson({ ...person, ...some });
    invite.reset();
  };
  return (
    <form
      aria-label={say.invite}
      onSubmit={(event) => {
        event.preventDefault();
        invite.mutate(person, { onSuccess: onMade });
      }}
    >
      <Card>
        <div>
          <h3 className="font-medium">{say.invite}</h3>
          <p className="text-[13px]/5 text-ink-soft">{sendsMail ? say.inviteByMail : say.inviteLead}</p>
        </div>
        <Labelled label={say.name} hint={say.nameHint}>
          {(field) => <input {...field} required autoFocus maxLength={200} dir="auto" autoComplete="off" value={person.name} onChange={(event) => change({ name: event.target.value })} className={INPUT} />}
        </Labelled>
        <Row>
          <Labelled label={say.email}>
            {(field) => <input {...field} type="email" required maxLength={320} autoComplete="off" value={person.email} onChange={(event) => change({ email: event.target.value })} className={INPUT} />}
          </Labelled>
          <Labelled label={say.role}>
            {(field) => (
              <select {...field} value={person.role} onChange={(event) => change({ role: event.target.value as ToInvite["role"] })} className={INPUT}>
                <option value="agent">{words.settings.people.role.agent}</option>
                <option value="admin">{words.settings.people.role.admin}</option>
              </select>
            )}
          </Labelled>
        </Row>
        <p className="text-[13px]/5 text-ink-soft">{say.roleHint}</p>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" look="primary" disabled={invite.isPending}>
            {sendsMail ? say.send : say.makeLink}
          </Button>
          <Button onClick={onCancel}>{words.cancel}</Button>
          <Outcome text={invite.error ? explain(invite.error) : ""} failed={invite.isError} />
        </div>
      </Card>
    </form>
  );
}
