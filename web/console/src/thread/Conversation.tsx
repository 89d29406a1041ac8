import type { ConversationStore, Event, Person, Summary } from "@havana/protocol";
import { Button } from "@havana/ui";
import { useCallback, useRef, useState } from "react";

import { Composer, type ComposerHandle } from "../composer/Composer";
import { useLive } from "../shell/live";
import { navigate } from "../shell/route";
import { useShortcuts } from "../shell/useShortcuts";
import { useStore } from "../shell/useStore";
import { words } from "../words";
import { VisitorPane } from "../visitor/VisitorPane";
import { actionsFor, explainRefusal } from "./actions";
import { Messages } from "./Messages";
import { ThreadHeader } from "./ThreadHeader";
import { ThreadSkeleton } from "./ThreadSkeleton";
import { useOpened, useReadMarks } from "./useConversation";

interface ConversationProps {
  id: string;
  /** Its row in the inbox, if it is there. */
  summary: Summary | undefined;
  paneOpen: boolean;
  onPane: (open: boolean) => void;
}

/** One conversation: thread and visitor. Rendered under `key={id}`. */
export function Conversation({ id, ...props }: ConversationProps) {
  const { client } = useLive();
  const store = useOpened(client, id);
  return store ? <Opened id={id} store={store} {...props} /> : <ThreadSkeleton />;
}

function Opened({ id, store, summary, paneOpen, onPane }: ConversationProps & { store: ConversationStore }) {
  const { me } = useLive();
  const snapshot = useStore(store);
  const [notice, setNotice] = useState<string | null>(null);
  const [blocking, setBlocking] = useState(false);
  const composer = useRef<ComposerHandle>(null);
  useReadMarks(store, snapshot);

  /** Carries out a command; a refusal becomes a line under the header. */
  const act = useCallback(async (command: () => Promise<unknown>): Promise<boolean> => {
    setNotice(null);
    try {
      await command();
      return true;
    } catch (error) {
      setNotice(explainRefusal(error));
      return false;
    }
  }, []);

  const claim = useCallback(async () => {
    if (await act(() => store.command("claim"))) composer.current?.focus("reply");
  }, [act, store]);

  useShortcuts({
    c: () => {
      if (actionsFor(snapshot.state, me).includes("claim")) void claim();
    },
    r: (event) => {
      // Or the letter would be typed into the field that it opens.
      event.preventDefault();
      composer.current?.focus("reply");
    },
    n: (event) => {
      event.preventDefault();
      composer.current?.focus("note");
    },
  });

  if (snapshot.status === "missing") return <Missing />;
  if (snapshot.status === "loading") return <ThreadSkeleton />;

  const visitor = summary?.visitor ?? visitorOf(snapshot.events) ?? { id: "", name: "" };
  const name = visitor.name || words.someone;
  return (
    <>
      <section
        aria-label={words.thread.label(name)}
        data-conversation={id}
        className={`flex h-full min-h-0 min-w-0 flex-1 flex-col bg-ground ${paneOpen ? "max-md:hidden" : ""}`}
      >
        <ThreadHeader
          store={store}
          snapshot={snapshot}
          name={name}
          waitingSince={summary?.waiting_since ?? null}
          act={act}
          onClaim={claim}
          paneOpen={paneOpen}
          onPane={onPane}
          onBlock={() => {
            onPane(true);
            setBlocking(true);
          }}
        />
        {notice ? <Notice text={notice} onDismiss={() => { setNotice(null); }} /> : null}
        <Messages store={store} snapshot={snapshot} name={name} />
        <Composer ref={composer} id={id} store={store} state={snapshot.state} name={name} act={act} />
      </section>
      {paneOpen ? (
        <VisitorPane
          visitor={visitor}
          snapshot={snapshot}
          blocking={blocking}
          onBlocking={setBlocking}
          onClose={() => {
            onPane(false);
          }}
        />
      ) : null}
    </>
  );
}

function Notice({ text, onDismiss }: { text: string; onDismiss: () => void }) {
  return (
    <div role="alert" className="hv-appear flex items-center gap-2 border-b border-line bg-waiting-soft ps-4 pe-2 text-waiting">
      <p className="flex-1 py-2">{text}</p>
      <Button look="quiet" icon="close" label={words.dismiss} onClick={onDismiss} />
    </div>
  );
}

function Missing() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-3 bg-ground p-6 text-center">
      <p className="text-ink-soft">{words.thread.missing}</p>
      <Button
        onClick={() => {
          navigate({ page: "inbox", conversation: null });
        }}
      >
        {words.thread.back}
      </Button>
    </div>
  );
}

/** Who writes to us, for a conversation that is not in the list. */
function visitorOf(events: readonly Event[]): Person | null {
  const author = events.find((event) => event.author.role === "visitor")?.author;
  return author ? { id: author.id, name: author.name } : null;
}
