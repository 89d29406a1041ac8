import type { ReactNode } from "react";

import type { Route } from "./route";
import { RouteLink } from "./RouteLink";

/** One of the parts of a place, in a row of them. */
export function RouteTab({ to, current, children }: { to: Route; current: boolean; children: ReactNode }) {
  return (
    <RouteLink
      to={to}
      aria-current={current ? "page" : undefined}
      className="inline-flex h-10 items-center rounded-medium px-3 font-medium whitespace-nowrap text-ink-soft hover:bg-wash hover:text-ink aria-[current=page]:bg-wash aria-[current=page]:text-ink pointer-coarse:h-11"
    >
      {children}
    </RouteLink>
  );
}
