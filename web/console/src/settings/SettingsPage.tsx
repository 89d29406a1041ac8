import type { ComponentType } from "react";

import { CannedPage } from "../canned/CannedPage";
import { SECTION } from "../canned/place";
import { useLive } from "../shell/live";
import type { Route } from "../shell/route";
import { RouteTab } from "../shell/RouteTab";
import { SitesPage } from "../sites/SitesPage";
import { siteWords } from "../sites/words";
import { SECTION as TEAMS } from "../teams/teams";
import { TeamsPage } from "../teams/TeamsPage";
import { teamsWords } from "../teams/words";
import { words } from "../words";
import { ChangesPage } from "./ChangesPage";
import { changesWords } from "./changesWords";
import { NotificationsPage } from "./NotificationsPage";
import { People } from "./People";
import { ProfilePage } from "./ProfilePage";

// Who comes by a link needs little of this and seldom; a file of its own would split what the inbox downloads.
export { Choose } from "./Choose";
export { Forgotten } from "./Forgotten";

interface Section {
  /** Its name in the address. */
  name: string;
  heading: string;
  /** `item` is the one thing of the section that is open. */
  Page: ComponentType<{ item: string | null }>;
  /** Nobody else sees it, and the server tells it to nobody else. */
  forAdmins?: boolean;
}

/** In the order of the row of tabs; the first is shown where the address names none. */
const SECTIONS: readonly [Section, ...Section[]] = [
  { name: "people", heading: words.settings.people.heading, Page: People },
  { name: TEAMS, heading: teamsWords.heading, Page: TeamsPage },
  { name: SECTION, heading: words.canned.heading, Page: CannedPage },
  { name: "sites", heading: siteWords.heading, Page: SitesPage, forAdmins: true },
  { name: "profile", heading: words.settings.profile.heading, Page: ProfilePage },
  { name: "notifications", heading: words.settings.notifications.heading, Page: NotificationsPage },
  { name: "changes", heading: changesWords.heading, Page: ChangesPage, forAdmins: true },
];

/** How the team has things. */
export function SettingsPage({ route }: { route: Extract<Route, { page: "settings" }> }) {
  const { me } = useLive();
  const sections = SECTIONS.filter(({ forAdmins = false }) => !forAdmins || me.role === "admin");
  const shown = sections.find(({ name }) => name === route.section) ?? SECTIONS[0];
  return (
    <section aria-label={words.settings.page} className="flex h-full min-h-0 min-w-0 flex-1 flex-col bg-ground">
      <header className="flex min-h-16 shrink-0 items-center border-b border-line bg-surface px-4 py-1 max-md:px-1">
        <h1 className="sr-only">{words.settings.page}</h1>
        <nav aria-label={words.settings.page} className="flex min-w-0 flex-wrap gap-x-1">
          {sections.map(({ name, heading }) => (
            <RouteTab key={name} to={{ page: "settings", section: name, item: null }} current={name === shown.name}>
              {heading}
            </RouteTab>
          ))}
        </nav>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <div className="@container mx-auto flex min-h-full max-w-3xl flex-col px-4 py-5 md:px-6">
          <shown.Page item={route.item} />
        </div>
      </div>
    </section>
  );
}
