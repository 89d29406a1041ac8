import type { Client, ConversationSnapshot, ConversationStore } from "@havana/protocol";
import { useEffect, useMemo } from "react";

import { lease } from "../shell/lease";
import { isFocused, onFocusChange } from "../shell/useFocused";
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
      if (isFocused()) store.markRead();
    };
    mark();
    return onFocusChange(mark);
  }, [store, last, status]);
}

function opening(client: Client, id: string) {
  return lease<ConversationStore>(
    () => client.open(id),
    (opened) => opened.release(),
  );
}
