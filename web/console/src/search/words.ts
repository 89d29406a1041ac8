import { MOD } from "../composer/words";

/** As `KeyList` wants it. */
export const searchKeys = `${MOD} K`;

/** What is said about the search before it is opened; `panelWords.ts` has the rest. */
export const search = {
  open: "Search",
  help: "Search, go anywhere, do anything",
  openTitle: `Search (${searchKeys})`,
};
