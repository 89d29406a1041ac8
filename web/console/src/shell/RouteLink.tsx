import type { AnchorHTMLAttributes, MouseEvent } from "react";

import { navigate, pathOf, type Route } from "./route";

interface RouteLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: Route;
}

/** A link within the console: changes what is shown without loading the page anew. */
export function RouteLink({ to, ...anchor }: RouteLinkProps) {
  return (
    <a
      {...anchor}
      href={pathOf(to)}
      onClick={(event) => {
        if (opensElsewhere(event)) return;
        event.preventDefault();
        navigate(to);
      }}
    />
  );
}

/** Ctrl, Cmd, Shift and the middle button open a new tab or window, as on every link. */
export function opensElsewhere(event: MouseEvent): boolean {
  return event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}
