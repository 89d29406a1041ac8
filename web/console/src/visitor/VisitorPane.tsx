import type { ConversationSnapshot, ConversationStore, Person, Summary } from "@havana/protocol";
import { Avatar, Button, clockTime, dayName, fullTime, icons, safeHref } from "@havana/ui";
import type { ReactNode } from "react";

import { Labels } from "../labels/Labels";
import { useLive } from "../shell/live";
import { lastHandover } from "../thread/lines";
import { words } from "../words";
import { Block } from "./Block";
import { Others, useOthers } from "./Others";
import { closedByBlock, contactsOf } from "./visitor";

interface VisitorPaneProps {
  conversation: string;
  store: ConversationStore;
  /** Its row in the inbox, if it is there. */
  summary: Summary | undefined;
  visitor: Person;
  snapshot: ConversationSnapshot;
  blocking: boolean;
  onBlocking: (blocking: boolean) => void;
  onClose: () => void;
}

/** The right pane: who the visitor is, since when, how to reach them, and blocking. */
export function VisitorPane({ visitor, snapshot, blocking, onBlocking, onClose, ...known }: VisitorPaneProps) {
  const { events } = snapshot;
  const name = visitor.name || words.someone;
  const handover = lastHandover(events);
  const others = useOthers(visitor.id, known.conversation);
  return (
    <aside
      aria-label={words.visitor.heading}
      className="flex w-80 shrink-0 flex-col overflow-y-auto border-s border-line bg-surface max-xl:absolute max-xl:inset-y-0 max-xl:end-0 max-xl:z-20 max-xl:shadow-raised max-md:w-full max-md:border-0"
    >
      <header className="flex h-16 shrink-0 items-center justify-between ps-4 pe-2">
        <h2 className="font-medium text-ink-soft">{words.visitor.heading}</h2>
        <Button look="quiet" icon={icons.close} label={words.visitor.close} onClick={onClose} className="xl:hidden" />
      </header>
      <div className="flex items-center gap-3 px-4 pb-4">
        <Avatar role="visitor" name={name} size={40} />
        <p className="min-w-0 text-base/5 font-semibold [overflow-wrap:anywhere]">
          <bdi>{name}</bdi>
        </p>
      </div>
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
        <Entry name={words.visitor.contact}>
          <Contacts snapshot={snapshot} />
        </Entry>
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
    </aside>
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

function Contacts({ snapshot: { events } }: { snapshot: ConversationSnapshot }) {
  const contacts = contactsOf(events);
  if (contacts.length === 0) return <span className="text-ink-soft">{words.visitor.noContact}</span>;
  return (
    <ul className="flex flex-col gap-2">
      {contacts.map(({ id, name, email }) => {
        const href = safeHref(`mailto:${encodeURIComponent(email).replace('%40', '@')}`);
        return (
          <li key={id} className="[overflow-wrap:anywhere]">
            <bdi className="block">{name}</bdi>
            {href ? (
              <a href={href} className="text-palm underline underline-offset-2">
                <bdi>{email}</bdi>
              </a>
            ) : (
              <bdi>{email}</bdi>
            )}
          </li>
        );
      })}
    </ul>
  );
}
