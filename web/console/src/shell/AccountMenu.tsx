import { Avatar, Icon, icons } from "@havana/ui";
import * as Menu from "@radix-ui/react-dropdown-menu";

import { useSignOut } from "../session/session";
import { words } from "../words";
import { useLive } from "./live";
import { MENU, MENU_ITEM, MENU_LINE } from "./menu";

export interface AccountMenuProps {
  muted: boolean;
  onMute: (muted: boolean) => void;
}

/** Who one is here, and what concerns oneself alone. */
export function AccountMenu({ muted, onMute }: AccountMenuProps) {
  const { me } = useLive();
  const signOut = useSignOut();
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger asChild>
        <button
          type="button"
          aria-label={words.rail.account(me.name)}
          title={words.rail.account(me.name)}
          className="relative grid size-10 cursor-pointer place-items-center rounded-full hover:bg-wash pointer-coarse:size-11"
        >
          <Avatar role="agent" name={me.name} size={32} />
          {muted ? (
            <span className="absolute -end-0.5 -bottom-0.5 grid size-5 place-items-center rounded-full border border-line bg-surface text-ink-soft">
              <Icon outline={icons.soundOff} />
            </span>
          ) : null}
        </button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content side="right" align="end" sideOffset={8} collisionPadding={8} className={MENU}>
          <Menu.Label className="px-2.5 py-1.5">
            <bdi className="block truncate font-medium">{me.name}</bdi>
            <bdi className="block truncate text-[13px]/5 text-ink-soft">{me.email}</bdi>
          </Menu.Label>
          <Menu.Separator className={MENU_LINE} />
          <Menu.Item className={MENU_ITEM} onSelect={() => onMute(!muted)}>
            <Icon outline={muted ? icons.soundOff : icons.soundOn} />
            {muted ? words.inbox.soundOff : words.inbox.soundOn}
          </Menu.Item>
          <Menu.Separator className={MENU_LINE} />
          <Menu.Item
            className={MENU_ITEM}
            disabled={signOut.isPending}
            onSelect={() => {
              signOut.mutate();
            }}
          >
            <Icon outline={icons.signOut} />
            {words.inbox.signOut}
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
