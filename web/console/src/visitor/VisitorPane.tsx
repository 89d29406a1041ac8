import type { ConversationSnapshot, Person } from "@havana/protocol";
import { Avatar, Button, clockTime, dayName, safeHref, StateMark } from "@havana/ui";
import type { ReactNode } from "react";

import { useLive } from "../shell/live";
import { holderLine } from "../thread/actions";
import { lastHandover } from "../thread/lines";
import { words } from "../words";
import { Block } from "./Block";
import { closedByBlock, contactsOf } from "./visitor";

interface VisitorPaneProps {
  visitor: Person;
  snapshot: ConversationSnapshot;
  blocking: boolean;
  onBlocking: (blocking: boolean) => void;
  onClose: () => void;
}

/** The right pane: who the visitor is, since when, how to reach them, and blocking. */
export function VisitorPane({ visitor, snapshot, blocking, onBlocking, onClose }: VisitorPaneProps) {
  const { me } = useLive();
  const { state, events } = snapshot;
  const name = visitor.name || words.someone;
  const handover = lastHandover(events);
  return (
    <aside
      aria-label={words.visitor.heading}
      className="flex w-80 shrink-0 flex-col overflow-y-auto border-s border-line bg-surface max-xl:absolute max-xl:inset-y-0 max-xl:end-0 max-xl:z-20 max-xl:shadow-raised max-md:w-full max-md:border-0"
    >
      <header className="flex h-16 shrink-0 items-center justify-between ps-4 pe-2">
        <h2 className="font-medium text-ink-soft">{words.visitor.heading}</h2>
        <Button look="quiet" icon="close" label={words.visitor.close} onClick={onClose} className="xl:hidden" />
      </header>
      <div className="flex flex-col items-center gap-3 px-4 pb-5 text-center">
        <Avatar role="visitor" name={name} size={40} />
        <p className="max-w-full text-base/5 font-semibold [overflow-wrap:anywhere]">
          <bdi>{name}</bdi>
        </p>
      </div>
      <dl className="flex flex-col gap-5 border-t border-line px-4 py-5">
        <Entry name={words.visitor.state}>
          <StateMark control={state.control} label={holderLine(state, me)} />
        </Entry>
        <Entry name={words.visitor.started}>
          <Started snapshot={snapshot} />
        </Entry>
        <Entry name={words.visitor.contact}>
          <Contacts snapshot={snapshot} />
        </Entry>
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

function Started({ snapshot: { events, hasEarlier } }: { snapshot: ConversationSnapshot }) {
  const { client } = useLive();
  const at = events[0]?.at;
  if (!at || hasEarlier) return words.visitor.earlier;
  return (
    <time dateTime={at} className="tabular-nums">
      {dayName(at, new Date(client.now()))}, {clockTime(at)}
    </time>
  );
}

function Contacts({ snapshot: { events } }: { snapshot: ConversationSnapshot }) {
  const contacts = contactsOf(events);
  if (contacts.length === 0) return <span className="text-ink-soft">{words.visitor.noContact}</span>;
  return (
    <ul className="flex flex-col gap-2">
      {contacts.map(({ id, name, email }) => {
        const href = safeHref(`mailto:${email}`);
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
