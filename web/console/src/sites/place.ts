import type { Route } from "../shell/route";

/** Where a website is set up; without a key, the list of them. */
export function at(key: string | null): Route {
  return { page: "settings", section: "sites", item: key };
}
