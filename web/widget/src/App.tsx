import { CLOSED_BLOCKED, CLOSED_SITE_DISABLED } from "@havana/protocol";
import { Button } from "@havana/ui";
import { useEffect, useState } from "preact/hooks";

import type { Chat } from "./chat";
import { Composer } from "./Composer";
import { describe } from "./describe";
import { Header } from "./Header";
import { Notice } from "./Notice";
import { Offers } from "./Offers";
import { useSite, type Site } from "./site";
import { Thread } from "./Thread";
import { useTitle } from "./useTitle";
import { useStore } from "./useStore";
import { Welcome } from "./Welcome";
import { words } from "./words";

export function App({ chat, siteKey }: { chat: Chat; siteKey: string }) {
  const [site, askAgain] = useSite(siteKey);
  if (site === "missing") {
    return (
      <main class="grid h-full place-content-center justify-items-center gap-4 p-6 text-center">
        <p>{words.siteMissing}</p>
        <Button onClick={askAgain}>{words.tryAgain}</Button>
      </main>
    );
  }
  return site === null ? null : <Page chat={chat} site={site} />;
}

function Page({ chat, site }: { chat: Chat; site: Site }) {
  const view = useStore(chat.conversation);
  const connection = useStore(chat.client.connection);
  const isShut = connection.status === "stopped" && SHUT.has(connection.code);
  const limit = useStore(chat.client.limits).text;
  const [draft, setDraft] = useState("");
  const isEmpty = view.items.length === 0 && (view.status === "ready" ? view.last === 0 : !chat.isKnown);
  useTitle(site.name, view.items);
  useReading(chat);
  useEffect(() => describe(chat.client, site.name), [chat, site]);
  const post = (text: string) => void chat.conversation.post(text);
  return (
    <div class="flex h-full flex-col">
      <Header site={site} chat={chat} />
      <Notice chat={chat} />
      <main class="relative flex min-h-0 flex-1 flex-col">
        {isEmpty ? <Welcome site={site} ask={post} /> : <Thread chat={chat} site={site} />}
        {isShut ? null : (
          <div class="mx-auto w-full max-w-3xl px-4 pb-[max(12px,env(safe-area-inset-bottom))] sm:px-6 sm:pb-5">
            <Offers chat={chat} site={site} />
            <Composer
              text={draft}
              limit={limit}
              onText={(text) => {
                setDraft(text);
                chat.conversation.typing();
              }}
              onSend={(text) => {
                setDraft("");
                post(text);
              }}
            />
          </div>
        )}
      </main>
    </div>
  );
}

/** Blocked, or switched off: whatever were written here would go nowhere. */
const SHUT: ReadonlySet<number> = new Set([CLOSED_BLOCKED, CLOSED_SITE_DISABLED]);

/** What is on a screen that somebody looks at counts as read. */
function useReading({ conversation }: Chat): void {
  useEffect(() => {
    const read = () => {
      if (document.visibilityState === "visible" && document.hasFocus()) conversation.markRead();
    };
    read();
    const stop = conversation.subscribe(read);
    window.addEventListener("focus", read);
    return () => {
      stop();
      window.removeEventListener("focus", read);
    };
  }, [conversation]);
}
