import { Icon, icons, type Outline } from "@havana/ui";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { useRef } from "react";

import { MENU, MENU_ITEM } from "../shell/menu";
import { words } from "../words";
import { AFTERWARDS, type Afterwards } from "./sendAnd";
import { sendingKeys } from "./words";

const ICON: Record<Afterwards, Outline> = { close: icons.done, hand_back: icons.palm };

interface SendMenuProps {
  disabled: boolean;
  onSend: (then: Afterwards) => void;
  /** Where one goes on after it. */
  onDone: () => void;
}

/** Beside the button that sends: the same, and what often comes next. */
export function SendMenu({ disabled, onSend, onDone }: SendMenuProps) {
  const chosen = useRef(false);
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger asChild disabled={disabled}>
        <button
          type="button"
          aria-label={words.sending.more}
          title={words.sending.more}
          className="inline-grid h-10 w-8 shrink-0 cursor-pointer place-items-center rounded-medium text-ink-soft transition-colors enabled:hover:bg-wash enabled:hover:text-ink disabled:cursor-default disabled:opacity-50 aria-expanded:bg-wash aria-expanded:text-ink pointer-coarse:size-11"
        >
          <Icon outline={icons.chevron} className="rotate-180" />
        </button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content
          align="end"
          side="top"
          sideOffset={8}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            if (!chosen.current) return;
            chosen.current = false;
            event.preventDefault();
            onDone();
          }}
          className={MENU}
        >
          {AFTERWARDS.map((then) => (
            <Menu.Item
              key={then}
              onSelect={() => {
                chosen.current = true;
                onSend(then);
              }}
              className={MENU_ITEM}
            >
              <Icon outline={ICON[then]} />
              <span className="flex-1 pe-4">{words.sending[then]}</span>
              <span aria-hidden="true" className="text-xs/4 text-ink-soft pointer-coarse:hidden">
                {sendingKeys[then].replaceAll(" ", " + ")}
              </span>
            </Menu.Item>
          ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
