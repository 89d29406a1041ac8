import type { ConversationSnapshot, ConversationStore, Event, Person, Summary } from "@havana/protocol";
import { Button, icons } from "@havana/ui";
import { useRef, useState } from "react";

import { Composer, type ComposerHandle } from "../composer/Composer";
import { OpenQuestions } from "../knowledge/OpenQuestions";
import { useLooking } from "../presence/useLooking";
import { useLive } from "../shell/live";
import { navigate } from "../shell/route";
import { useStore } from "../shell/useStore";
import { givenName } from "../visitor/name";
import { VisitorPane } from "../visitor/VisitorPane";
import { words } from "../words";
import type { Action } from "./actions";
import { Messages } from "./Messages";
import type { Receiver } from "./receiver";
import { ThreadHeader } from "./ThreadHeader";
import { ThreadSkeleton } from "./ThreadSkeleton";
import { TransferForm } from "./TransferForm";
import { useActing } from "./useActing";
import { useOpened, useReadMarks } from "./useConversation";
import { useThreadKeys } from "./useThreadKeys";

interface ConversationProps {
  id: string;
  /** The place in its log that somebody was led to. */
  at: number | null;
  /** Its row in the inbox, if it is there. */
  summary: Summary | undefined;
  paneOpen: boolean;
  onPane: (open: boolean) => void;
}

/** One conversation: thread and visitor. Rendered under `key={id}`. */
export function Conversation(props: ConversationProps) {
  const { client } = useLive();
  const store = useOpened(client, props.id);
  return store ? <Opened {...props} store={store} /> : <ThreadSkeleton />;
}

function Opened(props: ConversationProps & { store: ConversationStore }) {
  const { store, summary, paneOpen, onPane } = props;
  const snapshot = useStore(store);
  const told = useStore(useLive().client.contexts.at(props.id));
  const [blocking, setBlocking] = useState(false);
  useReadMarks(store, snapshot);
  if (snapshot.status === "missing") return <Missing />;
  if (snapshot.status === "loading") return <ThreadSkeleton />;

  const known = summary?.visitor ?? visitorOf(snapshot.events) ?? { id: "", name: "" };
  const visitor = { id: known.id, name: givenName(told) || known.name };
  const askToBlock = () => {
    onPane(true);
    setBlocking(true);
  };
  return (
    <>
      <Thread {...props} snapshot={snapshot} name={visitor.name || words.someone} onBlock={askToBlock} />
      {paneOpen ? (
        <VisitorPane
          conversation={props.id}
          store={store}
          summary={summary}
          visitor={visitor}
          snapshot={snapshot}
          blocking={blocking}
          onBlocking={setBlocking}
          onClose={() => onPane(false)}
        />
      ) : null}
    </>
  );
}

interface ThreadProps extends ConversationProps {
  store: ConversationStore;
  snapshot: ConversationSnapshot;
  name: string;
  onBlock: () => void;
}

function Thread({ id, at, store, snapshot, summary, name, paneOpen, onPane, onBlock }: ThreadProps) {
  const { me } = useLive();
  const composer = useRef<ComposerHandle>(null);
  const onWriting = useLooking(id);
  const { act, notice, dismiss } = useActing();
  const [receiver, setReceiver] = useState<Receiver | null>(null);
  const perform = async (action: Action) => {
    const done = await act(() => (action === "take_from" ? store.command("transfer", { to: me.id }) : store.command(action)));
    if (done && action === "claim") composer.current?.focus("reply");
  };
  useThreadKeys(snapshot.state, composer, (action) => void perform(action));
  return (
    <section
      aria-label={words.thread.label(name)}
      data-conversation={id}
      className={`flex h-full min-h-0 min-w-0 flex-1 flex-col bg-ground ${paneOpen ? "max-md:hidden" : ""}`}
    >
      <ThreadHeader
        {...{ id, snapshot, name, paneOpen, onPane, onBlock }}
        onTransfer={setReceiver}
        team={summary?.team}
        waitingSince={summary?.waiting_since ?? null}
        site={summary?.site ?? null}
        onAction={perform}
      />
      {notice ? <Notice text={notice} onDismiss={dismiss} /> : null}
      {receiver ? (
        <TransferForm
          key={receiver.kind === "agent" ? receiver.agent.id : receiver.id}
          to={receiver}
          onTransfer={(note) =>
            act(() =>
              receiver.kind === "agent"
                ? store.command("transfer", { to: receiver.agent.id, note })
                : store.command("route", { team: receiver.id, note }),
            )
          }
          onDone={(transferred) => {
            setReceiver(null);
            composer.current?.focus(transferred ? "note" : "reply");
          }}
        />
      ) : null}
      <OpenQuestions conversation={id} events={snapshot.events}>
        <Messages at={at} store={store} snapshot={snapshot} name={name} act={act} />
      </OpenQuestions>
      <Composer ref={composer} id={id} store={store} state={snapshot.state} name={name} act={act} onWriting={onWriting} />
    </section>
  );
}

function Notice({ text, onDismiss }: { text: string; onDismiss: () => void }) {
  return (
    <div role="alert" className="hv-appear flex items-center gap-2 border-b border-line bg-waiting-soft ps-4 pe-2 text-waiting">
      <p className="flex-1 py-2">{text}</p>
      <Button look="quiet" icon={icons.close} label={words.dismiss} onClick={onDismiss} />
    </div>
  );
}

function Missing() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-3 bg-ground p-6 text-center">
      <p className="text-ink-soft">{words.thread.missing}</p>
      <Button onClick={() => navigate({ page: "inbox", conversation: null })}>{words.thread.back}</Button>
    </div>
  );
}

/** Who writes to us, for a conversation that is not in the list. */
function visitorOf(events: readonly Event[]): Person | null {
  const author = events.find((event) => event.author.role === "visitor")?.author;
  return author ? { id: author.id, name: author.name } : null;
}
