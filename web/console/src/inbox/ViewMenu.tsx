import { Icon, icons } from "@havana/ui";
import * as Menu from "@radix-ui/react-dropdown-menu";

import { MENU, MENU_ITEM } from "../shell/menu";
import { words } from "../words";
import { useMine, useQueue } from "./useInbox";
import { VIEWS, type View } from "./views";

/** Which part of the inbox is shown; its name is the heading of the list. */
export function ViewMenu({ view, onView }: { view: View; onView: (view: View) => void }) {
  const counts: Partial<Record<View, number>> = {
    waiting: useQueue().conversations.length,
    mine: useMine().conversations.length,
  };
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger asChild>
        <button
          type="button"
          title={words.inbox.chooseView}
          className="flex h-10 max-w-full min-w-0 cursor-pointer items-center gap-1 rounded-medium ps-2 pe-1.5 hover:bg-wash aria-expanded:bg-wash pointer-coarse:h-11"
        >
          <span className="truncate text-base/5 font-semibold">{words.inbox.view[view]}</span>
          <Icon outline={icons.chevron} className="shrink-0 text-ink-soft" />
        </button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content align="start" sideOffset={4} collisionPadding={8} className={MENU}>
          <Menu.RadioGroup value={view} onValueChange={(chosen) => onView(chosen as View)}>
            {VIEWS.map((one, at) => (
              <Menu.RadioItem key={one} value={one} className={`${MENU_ITEM} aria-checked:font-medium`}>
                <span className="min-w-0 flex-1">{words.inbox.view[one]}</span>
                {counts[one] ? (
                  <span className={`text-xs/5 tabular-nums ${one === "waiting" ? "font-medium text-waiting" : "text-ink-soft"}`}>{counts[one]}</span>
                ) : null}
                <kbd className="min-w-6 rounded-small border border-line px-1.5 text-center font-sans text-xs/5 text-ink-soft max-md:hidden">{at + 1}</kbd>
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
