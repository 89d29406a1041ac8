import { SECTION as CANNED } from "../canned/place";
import { siteWords } from "../sites/words";
import { SECTION as TEAMS } from "../teams/teams";
import { teamsWords } from "../teams/words";
import { words } from "../words";
import { changesWords } from "./changesWords";

/** A part of the settings. */
export interface Section {
  /** Its name in the address. */
  name: string;
  heading: string;
  /** Nobody else sees it, and the server tells it to nobody else. */
  forAdmins: boolean;
}

/** In the order of the row of tabs. */
const SECTIONS: readonly Section[] = [
  { name: "people", heading: words.settings.people.heading, forAdmins: false },
  { name: TEAMS, heading: teamsWords.heading, forAdmins: false },
  { name: CANNED, heading: words.canned.heading, forAdmins: false },
  { name: "sites", heading: siteWords.heading, forAdmins: true },
  { name: "profile", heading: words.settings.profile.heading, forAdmins: false },
  { name: "notifications", heading: words.settings.notifications.heading, forAdmins: false },
  { name: "changes", heading: changesWords.heading, forAdmins: true },
];

/** Those that somebody of this role sees. */
export function sectionsFor(role: "agent" | "admin"): readonly Section[] {
  return SECTIONS.filter(({ forAdmins }) => !forAdmins || role === "admin");
}
