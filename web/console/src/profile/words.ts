/** What is said of oneself: duty first, which everybody looks at all day. `../words.ts` has the rest. */
export const profile = {
  onDuty: "On duty",
  away: "Away",
  notHere: "Not here",
  setAway: "Set as away",
  backOnDuty: "Back on duty",
  youAreAway: "You are away. New visitors do not count on you.",
  open: "Profile and notifications",
  failed: "This did not work. Try again.",
};
