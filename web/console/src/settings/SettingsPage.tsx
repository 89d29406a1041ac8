import type { ComponentType } from "react";

import { CannedPage } from "../canned/CannedPage";
import { SECTION as CANNED } from "../canned/place";
import { useLive } from "../shell/live";
import type { Route } from "../shell/route";
import { RouteTab } from "../shell/RouteTab";
import { SitesPage } from "../sites/SitesPage";
import { SECTION as TEAMS } from "../teams/teams";
import { TeamsPage } from "../teams/TeamsPage";
import { words } from "../words";
import { ChangesPage } from "./ChangesPage";
import { NotificationsPage } from "./NotificationsPage";
import { People } from "./People";
import { ProfilePage } from "./ProfilePage";
import { sectionsFor } from "./sections";

// Who comes by a link needs little of this and seldom; a file of its own would split what the inbox downloads.
export { Choose } from "./Choose";
export { Forgotten } from "./Forgotten";

/** By the section's name; `item` is the one thing of it that is open. */
const PAGES: Readonly<Record<string, ComponentType<{ item: string | null }>>> = {
  people: People,
  [TEAMS]: TeamsPage,
  [CANNED]: CannedPage,
  sites: SitesPage,
  profile: ProfilePage,
  notifications: NotificationsPage,
  changes: ChangesPage,
};

/** How the team has things. */
export function SettingsPage({ route }: { route: Extract<Route, { page: "settings" }> }) {
  const { me } = useLive();
  const sections = sectionsFor(me.role);
  // The first where the address names none of them.
  const shown = sections.find(({ name }) => name === route.section)?.name ?? "people";
  const Page = PAGES[shown] ?? People;
  return (
    <section aria-label={words.settings.page} className="flex h-full min-h-0 min-w-0 flex-1 flex-col bg-ground">
      <header className="flex min-h-16 shrink-0 items-center border-b border-line bg-surface px-4 py-1 max-md:px-1">
        <h1 className="sr-only">{words.settings.page}</h1>
        <nav aria-label={words.settings.page} className="flex min-w-0 flex-wrap gap-x-1">
          {sections.map(({ name, heading }) => (
            <RouteTab key={name} to={{ page: "settings", section: name, item: null }} current={name === shown}>
              {heading}
            </RouteTab>
          ))}
        </nav>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <div className="@container mx-auto flex min-h-full max-w-3xl flex-col px-4 py-5 md:px-6">
          <Page item={route.item} />
        </div>
      </div>
    </section>
  );
}
