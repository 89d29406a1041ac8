import { Edits } from "../knowledge/editing";
import type { SiteFields } from "./editing";

/** What was begun and not saved, by the key of the site. In a file of its own: the first page needs no more of sites. */
export const siteEdits = new Edits<SiteFields>();
