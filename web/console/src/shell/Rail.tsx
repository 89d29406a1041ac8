import { Button, Icon, icons, Logo, type Outline } from "@havana/ui";
import type { ReactNode } from "react";

import { useQueue } from "../inbox/useInbox";
import { useOpenCount } from "../knowledge/knowledge";
import { words } from "../words";
import { AccountMenu } from "./AccountMenu";
import { Help } from "./Help";
import type { Route } from "./route";
import { RouteLink } from "./RouteLink";

interface RailProps {
  page: Route["page"];
  /** How many of one's own are unread. */
  unread: number;
  helping: boolean;
  onHelp: (helping: boolean) => void;
  onSearch: () => void;
}

/** The places of the console: at the side, and on a phone at the foot, where a thumb reaches. */
export function Rail({ page, unread, helping, onHelp, onSearch }: RailProps) {
  const queue = useQueue().conversations.length;
  const unanswered = useOpenCount() ?? 0;
  const knowing = page === "unanswered" || page === "articles";
  return (
    <nav
      aria-label={words.rail.label}
      className="flex shrink-0 items-center gap-1 border-line bg-ground max-md:h-16 max-md:justify-around max-md:border-t max-md:px-2 md:w-18 md:flex-1 md:flex-col md:border-e md:py-4"
    >
      <Logo className="mb-3 max-md:hidden" />
      <Place to={{ page: "inbox", conversation: null }} icon={icons.queue} label={words.rail.inbox} current={page === "inbox"}>
        {queue > 0 ? (
          <Badge count={queue} look="bg-waiting text-waiting-ink" told={words.inbox.waiting(queue)} />
        ) : (
          <Badge count={unread} look="bg-person-soft text-person" told={words.inbox.unreadMine(unread)} />
        )}
      </Place>
      <Place to={{ page: "unanswered", question: null }} icon={icons.book} label={words.rail.knowledge} current={knowing}>
        <Badge count={unanswered} look="bg-line text-ink" told={words.knowledge.open(unanswered)} />
      </Place>
      <Place to={{ page: "wall" }} icon={icons.columns} label={words.rail.wall} current={page === "wall"} />
      <Place to={{ page: "reports", part: null }} icon={icons.chart} label={words.rail.reports} current={page === "reports"} />
      <Place to={{ page: "settings", section: null, item: null }} icon={icons.settings} label={words.rail.settings} current={page === "settings"} />
      <div className="flex items-center gap-1 md:mt-auto md:flex-col">
        <span className="max-md:hidden">
          <Button look="quiet" icon={icons.search} label={words.search.open} title={words.search.openTitle} onClick={onSearch} />
        </span>
        <Help open={helping} onOpen={onHelp} />
        <AccountMenu />
      </div>
    </nav>
  );
}

interface PlaceProps {
  to: Route;
  icon: Outline;
  label: string;
  current: boolean;
  children?: ReactNode;
}

function Place({ to, icon, label, current, children }: PlaceProps) {
  return (
    <RouteLink
      to={to}
      aria-current={current ? "page" : undefined}
      className="relative flex h-13 w-16 flex-col items-center justify-center gap-1 rounded-medium text-[11px]/4 font-medium text-ink-soft transition-colors hover:bg-wash hover:text-ink aria-[current=page]:bg-wash aria-[current=page]:text-ink"
    >
      <Icon outline={icon} size={20} />
      {label}
      {children}
    </RouteLink>
  );
}

function Badge({ count, look, told }: { count: number; look: string; told: string }) {
  if (count === 0) return null;
  return (
    <span className={`absolute end-1.5 top-1 min-w-4.5 rounded-full px-1 text-center text-[11px]/4.5 font-medium tabular-nums ${look}`}>
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span className="sr-only">, {told}</span>
    </span>
  );
}
