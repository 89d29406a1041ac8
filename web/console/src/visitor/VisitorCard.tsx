import type { ContextPush, ConversationSnapshot, ConversationStore, Person, Summary } from "@havana/protocol";
import { Avatar, clockTime, dayName, fullTime, rowTime } from "@havana/ui";
import type { ReactNode } from "react";

import { Labels } from "../labels/Labels";
import { useLive } from "../shell/live";
import { useStore } from "../shell/useStore";
import { lastHandover } from "../thread/lines";
import { words } from "../words";
import { Block } from "./Block";
import { detailOf, LONGEST } from "./details";
import { Details, MailLink } from "./Details";
import { Editable } from "./Editable";
import { Others, useOthers } from "./Others";
import { callsOf, closedByBlock, contactsOf, type Contact } from "./visitor";
import { Presence, Whereabouts } from "./Whereabouts";
import { about } from "./words";

export interface VisitorCardProps {
  conversation: string;
  store: ConversationStore;
  /** Its row in the inbox, if it is there. */
  summary: Summary | undefined;
  visitor: Person;
  snapshot: ConversationSnapshot;
  blocking: boolean;
  onBlocking: (blocking: boolean) => void;
}

/** Who the visitor is, where they are, how to reach them, and blocking. */
export function VisitorCard({ visitor, snapshot, blocking, onBlocking, ...known }: VisitorCardProps) {
  const { events } = snapshot;
  const name = visitor.name || words.someone;
  const handover = lastHandover(events);
  const contacts = contactsOf(events);
  const others = useOthers(visitor.id, known.conversation);
  const told = useStore(useLive().client.contexts.at(known.conversation));
  return (
    <>
      <Head visitor={visitor.id} name={name} told={told} />
      {visitor.id ? <Details visitor={visitor.id} told={told} /> : null}
      <Whereabouts told={told} />
      <dl className="flex flex-col gap-4 border-t border-line p-4">
        {handover ? (
          <Entry name={words.visitor.why}>
            <p>{handover.why}</p>
            {handover.summary ? (
              <p dir="auto" className="mt-1 text-ink-soft [overflow-wrap:anywhere]">
                {handover.summary}
              </p>
            ) : null}
          </Entry>
        ) : null}
        <Entry name={words.labels.heading}>
          <Labels {...known} snapshot={snapshot} />
        </Entry>
        {contacts.length > 0 ? (
          <Entry name={words.visitor.contact}>
            <Contacts contacts={contacts} />
          </Entry>
        ) : null}
        <Calls snapshot={snapshot} />
        <Started snapshot={snapshot} />
        {others.others.length > 0 ? (
          <Entry name={words.visitor.others}>
            <Others {...others} />
          </Entry>
        ) : null}
      </dl>
      {visitor.id ? (
        <Block visitor={visitor} name={name} asking={blocking} onAsk={onBlocking} blockedByLog={closedByBlock(events)} />
      ) : null}
    </>
  );
}

function Head({ visitor, name, told }: { visitor: string; name: string; told: ContextPush | null }) {
  return (
    <div className="flex items-center gap-3 px-4 pb-4">
      <Avatar role="visitor" name={name} size={40} />
      <div className="min-w-0 flex-1">
        <div className="text-base/5 font-semibold">
          <Editable visitor={visitor} field="name" detail={detailOf(told, "name")} what={about.what.name} longest={LONGEST.name}>
            {(given) => <bdi>{given || name}</bdi>}
          </Editable>
        </div>
        <Presence told={told} />
      </div>
    </div>
  );
}

function Entry({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="mb-1 text-xs/4 text-ink-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Known once the conversation's beginning is loaded. */
function Started({ snapshot: { events, hasEarlier } }: { snapshot: ConversationSnapshot }) {
  const { client } = useLive();
  const at = events[0]?.at;
  if (!at || hasEarlier) return null;
  return (
    <Entry name={words.visitor.started}>
      <time dateTime={at} title={fullTime(at)} className="tabular-nums">
        {dayName(at, new Date(client.now()))}, {clockTime(at)}
      </time>
    </Entry>
  );
}

/** When a call was asked for or offered; its link is in the thread. */
function Calls({ snapshot: { events } }: { snapshot: ConversationSnapshot }) {
  const { client } = useLive();
  const calls = callsOf(events);
  if (calls.length === 0) return null;
  return (
    <Entry name={about.calls}>
      <ul>
        {calls.map(({ id, at, author }) => (
          <li key={id} className="[overflow-wrap:anywhere]">
            {author.role === "visitor" ? about.callAsked : about.callOffered(author.name)}
            <time dateTime={at} title={fullTime(at)} className="text-ink-soft tabular-nums">
              {" · "}
              {rowTime(at, new Date(client.now()))}
            </time>
          </li>
        ))}
      </ul>
    </Entry>
  );
}

function Contacts({ contacts }: { contacts: readonly Contact[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {contacts.map(({ id, name, email }) => (
        <li key={id} className="[overflow-wrap:anywhere]">
          <bdi className="block">{name}</bdi>
          <MailLink email={email} />
        </li>
      ))}
    </ul>
  );
}
