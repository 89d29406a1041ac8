import { notifications } from "./notificationWords";
import { profile } from "./profileWords";

/** What the settings say. */
export const settings = {
  page: "Settings",
  lead: "How your team works with Havana.",

  people: {
    heading: "People",
    lead: "Who answers your visitors.",
    setAway: (name: string) => `Set as away: ${name}`,
    backOnDuty: (name: string) => `Back on duty: ${name}`,
    role: { admin: "Admin", agent: "Agent" },
    you: "you",
    failed: "The team could not be read. Try again.",
  },

  notifications,
  profile,
} as const;
