import { useSyncExternalStore, type AnchorHTMLAttributes } from "react";

import { pathOf } from "../shell/route";
import { opensElsewhere } from "../shell/RouteLink";

const REPORT = pathOf({ page: "reports", part: null });
const LIST = pathOf({ page: "reports", part: "conversations" });

interface AddressLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** From "?" on, or empty. */
  search: string;
  /** Leads to the list, and not to the report. */
  list?: boolean;
}

/** A link from one page of the reports to another. */
export function AddressLink({ search, list = false, ...anchor }: AddressLinkProps) {
  const href = (list ? LIST : REPORT) + search;
  return (
    <a
      {...anchor}
      href={href}
      onClick={(event) => {
        if (opensElsewhere(event)) return;
        event.preventDefault();
        go(href);
      }}
    />
  );
}

/** Shows the report of this search. */
export function show(search: string): void {
  go(REPORT + search);
}

function go(href: string): void {
  if (href !== location.pathname + location.search) history.pushState(null, "", href);
  // Whoever shows something by the address hears of it as of a step back.
  dispatchEvent(new PopStateEvent("popstate"));
}

/** The part of the address from "?" on. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => location.search);
}

function subscribe(listener: () => void): () => void {
  addEventListener("popstate", listener);
  return () => removeEventListener("popstate", listener);
}
