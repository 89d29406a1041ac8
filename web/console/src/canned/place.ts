import type { Route } from "../shell/route";

/** Of the section of the settings, in the address. */
export const SECTION = "canned";
export const NEW_CANNED = "new";

/** Where a canned answer is written; without one, the list of them. */
export function at(item: string | null): Route {
  return { page: "settings", section: SECTION, item };
}
