import type { Store } from "@havana/protocol";

/**
 * Something that is open exactly while somebody looks at it: opened by the first subscriber, closed by the last.
 *
 * React may render without showing and show twice, so opening belongs neither to rendering nor to state.
 */
export function lease<T>(open: () => T, close: (opened: T) => void): Store<T | null> {
  let opened: T | null = null;
  let users = 0;
  return {
    getSnapshot: () => opened,
    subscribe: (listener) => {
      users += 1;
      opened ??= open();
      listener();
      return () => {
        users -= 1;
        if (users > 0 || opened === null) return;
        close(opened);
        opened = null;
      };
    },
  };
}
