import { Avatar, Icon, icons, type Outline } from "@havana/ui";
import * as Menu from "@radix-ui/react-dropdown-menu";

import { useChoose, useDuty, useNotifications, useProfile } from "../profile/profile";
import { useSignOut } from "../session/session";
import { words } from "../words";
import { useLive } from "./live";
import { MENU, MENU_ITEM, MENU_LINE } from "./menu";
import { navigate } from "./route";

/** Who one is here, and what concerns oneself alone. */
export function AccountMenu() {
  const { me } = useLive();
  const { choose } = useChoose();
  const muted = useNotifications()?.sound_on === false;
  const away = useProfile().data?.away ?? false;
  const label = away ? words.rail.accountAway(me.name) : words.rail.account(me.name);
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger asChild>
        <button
          type="button"
          aria-label={label}
          title={label}
          className="relative grid size-10 cursor-pointer place-items-center rounded-full hover:bg-wash pointer-coarse:size-11"
        >
          <Avatar role="agent" name={me.name} size={32} />
          {away ? <Mark icon={icons.clock} look="-top-0.5 border-note-line bg-note text-note-ink" /> : null}
          {muted ? <Mark icon={icons.soundOff} look="-bottom-0.5 border-line bg-surface text-ink-soft" /> : null}
        </button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content side="right" align="end" sideOffset={8} collisionPadding={8} className={MENU}>
          <Menu.Label className="px-2.5 py-1.5">
            <bdi className="block truncate font-medium">{me.name}</bdi>
            <bdi className="block truncate text-[13px]/5 text-ink-soft">{me.email}</bdi>
          </Menu.Label>
          <Menu.Separator className={MENU_LINE} />
          <Duty away={away} />
          <Menu.Item className={MENU_ITEM} onSelect={() => choose({ sound_on: muted })}>
            <Icon outline={muted ? icons.soundOff : icons.soundOn} />
            {muted ? words.inbox.soundOff : words.inbox.soundOn}
          </Menu.Item>
          <Menu.Item className={MENU_ITEM} onSelect={() => navigate({ page: "settings", section: "profile", item: null })}>
            <Icon outline={icons.person} />
            {words.profile.open}
          </Menu.Item>
          <Menu.Separator className={MENU_LINE} />
          <SignOut />
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Mark({ icon, look }: { icon: Outline; look: string }) {
  return (
    <span className={`absolute -end-0.5 grid size-5 place-items-center rounded-full border ${look}`}>
      <Icon outline={icon} />
    </span>
  );
}

function Duty({ away }: { away: boolean }) {
  const { me } = useLive();
  const duty = useDuty();
  return (
    <Menu.Item className={MENU_ITEM} disabled={duty.isPending} onSelect={() => duty.mutate({ id: me.id, away: !away })}>
      <Icon outline={away ? icons.done : icons.clock} />
      {away ? words.profile.backOnDuty : words.profile.setAway}
    </Menu.Item>
  );
}

function SignOut() {
  const signOut = useSignOut();
  return (
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
  );
}
