import { Icon, icons } from "@havana/ui";

import { RouteLink } from "../shell/RouteLink";
import { words } from "../words";
import { useOpenCount } from "./knowledge";

/** Below the list of conversations: the way to what the assistant does not know, and how much that is. */
export function UnansweredLink({ current }: { current: boolean }) {
  const count = useOpenCount() ?? 0;
  return (
    <RouteLink
      to={{ page: "unanswered", question: null }}
      aria-current={current ? "page" : undefined}
      className="flex h-12 shrink-0 items-center gap-2.5 border-t border-line px-4 text-ink-soft hover:bg-wash hover:text-ink focus-visible:-outline-offset-2 aria-[current=page]:bg-wash aria-[current=page]:text-ink"
    >
      <Icon outline={icons.book} size={20} />
      <span className="flex-1">{words.knowledge.heading}</span>
      {count > 0 ? (
        <span className="text-xs/5 tabular-nums">
          <span aria-hidden="true">{count > 999 ? "999+" : count}</span>
          <span className="sr-only">{words.knowledge.open(count)}</span>
        </span>
      ) : null}
    </RouteLink>
  );
}
