import type { Client, ConversationSnapshot, ConversationStore } from "@havana/protocol";
import { useEffect, useMemo } from "react";

import { lease } from "../shell/lease";
import { useStore } from "../shell/useStore";

/**
 * Follows one conversation for as long as the component stands.
 *
 * Rendered under `key={id}`, so another conversation is another component: nothing of one can show in the other.
 */
export function useOpened(client: Client, id: string): ConversationStore | null {
  return useStore(useMemo(() => opening(client, id), [client, id]));
}

/** Tells the server how far we have read, while somebody is really looking. */
export function useReadMarks(store: ConversationStore, { last, status }: ConversationSnapshot): void {
  useEffect(() => {
    if (status !== "ready") return;
    const mark = () => {
      if (document.visibilityState === "visible" && document.hasFocus()) store.markRead();
    };
    mark();
    addEventListener("focus", mark);
    document.addEventListener("visibilitychange", mark);
    return () => {
      removeEventListener("focus", mark);
      document.removeEventListener("visibilitychange", mark);
    };
  }, [store, last, status]);
}

function opening(client: Client, id: string) {
  return lease<ConversationStore>(
    () => client.open(id),
    (opened) => opened.release(),
  );
}
