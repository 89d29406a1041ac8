import type { Item } from "@havana/protocol";
import { useEffect, useState } from "preact/hooks";

import { words } from "./words";

/** The tab says the site's name, and that there is something new while it is not looked at. */
export function useTitle(site: string, items: readonly Item[]): void {
  const theirs = items.filter(({ author }) => author.role !== "visitor").length;
  const [seen, setSeen] = useState(theirs);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") setSeen(theirs);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
    };
  }, [theirs]);
  useEffect(() => {
    document.title = theirs > seen ? words.unread(site) : site;
  }, [site, theirs, seen]);
}
