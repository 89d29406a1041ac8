import { Icon, icons } from "@havana/ui";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { useState } from "react";

import { MENU, MENU_ITEM, MENU_LINE } from "../shell/menu";
import type { Colleague } from "../shell/team";
import type { Act } from "./people";
import { peopleWords as say } from "./peopleWords";

interface PersonMenuProps {
  colleague: Colleague;
  isMe: boolean;
  onAct: (act: Act) => void;
  onLink: (id: string) => void;
  onCapacity: () => void;
  onDeactivate: () => void;
}

/** What an admin does seldom with somebody on the team. */
export function PersonMenu({ colleague: { id, name, role }, isMe, onAct, onLink, onCapacity, onDeactivate }: PersonMenuProps) {
  const [open, setOpen] = useState(false);
  const other = role === "admin" ? "agent" : "admin";
  return (
    <Menu.Root open={open} onOpenChange={setOpen} modal={false}>
      <Menu.Trigger asChild>
        <button
          type="button"
          aria-label={say.more(name)}
          title={say.more(name)}
          className="inline-grid size-10 cursor-pointer place-items-center rounded-medium text-ink-soft hover:bg-wash hover:text-ink pointer-coarse:size-11"
        >
          <Icon outline={icons.more} size={20} />
        </button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content align="end" sideOffset={4} collisionPadding={8} className={MENU}>
          <Menu.Item className={MENU_ITEM} onSelect={() => onAct({ do: "role", id, role: other })}>
            {other === "admin" ? say.makeAdmin : say.makeAgent}
          </Menu.Item>
          <Menu.Item className={MENU_ITEM} onSelect={onCapacity}>
            {say.capacity}
          </Menu.Item>
          <Menu.Item className={MENU_ITEM} onSelect={() => onLink(id)}>
            {say.newLink}
          </Menu.Item>
          {isMe ? null : (
            <>
              <Menu.Separator className={MENU_LINE} />
              <Menu.Item className={`${MENU_ITEM} text-waiting`} onSelect={onDeactivate}>
                {say.deactivate}
              </Menu.Item>
            </>
          )}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
