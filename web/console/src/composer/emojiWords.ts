/** What the choice of emoji says. Loaded with it. */
export const emoji = {
  search: "Find an emoji",
  loading: "Loading",
  none: "No emoji has this name.",
  choose: "Choose an emoji",
  tone: "Skin tone",
};
