import { useSyncExternalStore } from "react";

const HOME = "/console";

export type Route =
  | { page: "sign-in" }
  /** With a conversation, the place in its log that somebody was led to, if they were. */
  | { page: "inbox"; conversation: string | null; at?: number }
  /** What no article answers; with a question, the article that is being written for it. */
  | { page: "unanswered"; question: string | null }
  /** What was written here; with an article, that one, and `NEW_ARTICLE` is one that is not there yet. */
  | { page: "articles"; article: string | null }
  /** Everything that is running, side by side. */
  | { page: "wall" }
  /** The figures; with a part, the conversations behind one. Which days they are of stands in the address's search. */
  | { page: "reports"; part: string | null }
  /** How the team has things; without a section, the list of them. An item is one thing of a section. */
  | { page: "settings"; section: string | null; item: string | null };

export const NEW_ARTICLE = "new";

/** What an address of the console shows. Unknown ones show the inbox. */
export function parseRoute(path: string): Route {
  if (path === `${HOME}/sign-in`) return { page: "sign-in" };
  const [, section, item] = /^\/console\/settings(?:\/([^/]+))?(?:\/([^/]+))?\/?$/.exec(path) ?? [];
  if (path.startsWith(`${HOME}/settings`)) return { page: "settings", section: decoded(section), item: decoded(item) };
  if (path === `${HOME}/wall`) return { page: "wall" };
  const [, conversation, at] = /^\/console\/c\/([^/]+)\/(\d{1,9})$/.exec(path) ?? [];
  if (conversation !== undefined) return { page: "inbox", conversation: decoded(conversation), at: Number(at) };
  const [, folder, name] = /^\/console\/(c|unanswered|articles|reports)(?:\/([^/]+))?\/?$/.exec(path) ?? [];
  const named = decoded(name);
  if (folder === "unanswered") return { page: "unanswered", question: named };
  if (folder === "articles") return { page: "articles", article: named };
  if (folder === "reports") return { page: "reports", part: named };
  return { page: "inbox", conversation: named };
}

export function pathOf(route: Route): string {
  switch (route.page) {
    case "sign-in":
      return `${HOME}/sign-in`;
    case "inbox":
      if (route.conversation === null) return HOME;
      return below(below(`${HOME}/c`, route.conversation), route.at === undefined ? null : String(route.at));
    case "wall":
      return `${HOME}/wall`;
    case "unanswered":
      return below(`${HOME}/unanswered`, route.question);
    case "articles":
      return below(`${HOME}/articles`, route.article);
    case "reports":
      return below(`${HOME}/reports`, route.part);
    case "settings":
      return route.section === null ? `${HOME}/settings` : below(below(`${HOME}/settings`, route.section), route.item);
  }
}

function below(folder: string, name: string | null): string {
  return name === null ? folder : `${folder}/${encodeURIComponent(name)}`;
}

/** `replace` leaves no trace in the history: for redirects, not for what somebody chose. */
export function navigate(route: Route, options: { replace?: boolean } = {}): void {
  const path = pathOf(route);
  visits += 1;
  if (path === location.pathname) {
    for (const listener of listeners) listener();
    return;
  }
  if (options.replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  for (const listener of listeners) listener();
}

export function useRoute(): Route {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return parseRoute(path);
}

/** How often somebody was led somewhere: to the same place again counts too. */
export function useVisits(): number {
  return useSyncExternalStore(subscribe, () => visits);
}

let visits = 0;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

function decoded(part: string | undefined): string | null {
  if (part === undefined) return null;
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
