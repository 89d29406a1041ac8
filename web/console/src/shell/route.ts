import { useSyncExternalStore } from "react";

const HOME = "/console";

export type Route = { page: "sign-in" } | { page: "inbox"; conversation: string | null };

/** What an address of the console shows. Unknown ones show the inbox. */
export function parseRoute(path: string): Route {
  if (path === `${HOME}/sign-in`) return { page: "sign-in" };
  const found = /^\/console\/c\/([^/]+)\/?$/.exec(path);
  return { page: "inbox", conversation: found?.[1] ? decoded(found[1]) : null };
}

export function pathOf(route: Route): string {
  if (route.page === "sign-in") return `${HOME}/sign-in`;
  return route.conversation ? `${HOME}/c/${encodeURIComponent(route.conversation)}` : HOME;
}

/** `replace` leaves no trace in the history: for redirects, not for what somebody chose. */
export function navigate(route: Route, options: { replace?: boolean } = {}): void {
  const path = pathOf(route);
  if (path === location.pathname) return;
  if (options.replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  for (const listener of listeners) listener();
}

export function useRoute(): Route {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return parseRoute(path);
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
