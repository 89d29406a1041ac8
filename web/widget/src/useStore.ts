import type { Store } from "@havana/protocol";
import { useLayoutEffect, useState } from "preact/hooks";

/** What a store says now; the component is drawn again whenever that changes. */
export function useStore<T>(store: Store<T>): T {
  const [, redraw] = useState<T>(store.getSnapshot);
  useLayoutEffect(() => {
    const take = () => {
      redraw(store.getSnapshot);
    };
    // It may have changed between drawing and now.
    take();
    return store.subscribe(take);
  }, [store]);
  return store.getSnapshot();
}
