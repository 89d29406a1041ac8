import type { Store } from "@havana/protocol";
import { useSyncExternalStore } from "react";

/** What a store of the client says now; renders again when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}
