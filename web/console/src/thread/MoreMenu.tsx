import { Icon, icons } from "@havana/ui";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { useState } from "react";

import { useLive } from "../shell/live";
import { MENU, MENU_ITEM, MENU_LINE } from "../shell/menu";
import { presenceOf, useTeam } from "../shell/team";
import { useTeams } from "../shell/teams";
import { words } from "../words";
import { ACTION_ICON, actionName, type Doing } from "./ActionButtons";
import { mayRoute, mayTransfer } from "./actions";
import type { Receiver } from "./receiver";

interface MoreMenuProps extends Doing {
  /** The id of the team that it waits for. */
  team: string | null;
  onTransfer: (to: Receiver) => void;
  onBlock: () => void;
}

/** What is needed less often: the other actions, a colleague to give the conversation to, and blocking. */
export function MoreMenu({ team, onTransfer, onBlock, ...doing }: MoreMenuProps) {
  const { me } = useLive();
  const [open, setOpen] = useState(false);
  return (
    <Menu.Root open={open} onOpenChange={setOpen} modal={false}>
      <Menu.Trigger asChild>
        <button
          type="button"
          aria-label={words.action.more}
          title={words.action.more}
          className="inline-grid size-10 cursor-pointer place-items-center rounded-medium text-ink-soft hover:bg-wash hover:text-ink pointer-coarse:size-11"
        >
          <Icon outline={icons.more} size={20} />
        </button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className={MENU}
        >
          {doing.actions.map((action) => (
            <Menu.Item key={action} className={MENU_ITEM} disabled={doing.busy} onSelect={() => doing.onAction(action)}>
              <Icon outline={ACTION_ICON[action]} />
              {actionName(action, doing.state)}
            </Menu.Item>
          ))}
          {mayTransfer(doing.state, me) ? <Transfer holder={doing.state.agent?.id} onTransfer={onTransfer} /> : null}
          {mayRoute(doing.state, me) ? <Route now={team} onTransfer={onTransfer} /> : null}
          {doing.actions.length > 0 ? <Separator /> : null}
          <Menu.Item className={`${MENU_ITEM} text-waiting`} onSelect={onBlock}>
            <Icon outline={icons.block} />
            {words.action.block}
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** The team, asked for when the menu opens. */
function Transfer({ holder, onTransfer }: { holder: string | undefined; onTransfer: (to: Receiver) => void }) {
  const team = useTeam();
  const others = (team.data ?? []).filter((one) => one.id !== holder).sort((a, b) => Number(b.on_duty) - Number(a.on_duty));
  return (
    <>
      <Separator />
      <Menu.Label className="px-2.5 pt-1.5 pb-1 text-xs/4 text-ink-soft">{words.action.transfer}</Menu.Label>
      {team.isSuccess && others.length === 0 ? (
        <Menu.Item disabled className={MENU_ITEM}>
          {words.action.transferNobody}
        </Menu.Item>
      ) : null}
      {others.map((one) => (
        <Menu.Item key={one.id} className={MENU_ITEM} onSelect={() => onTransfer({ kind: "agent", agent: one })}>
          <Icon outline={icons.transfer} />
          <bdi className="flex-1">{one.name}</bdi>
          <span className={`text-xs/4 ${one.on_duty ? "text-person" : "text-ink-soft"}`}>{words.profile[presenceOf(one)]}</span>
        </Menu.Item>
      ))}
    </>
  );
}

/** The teams; nothing where there are none. */
function Route({ now, onTransfer }: { now: string | null; onTransfer: (to: Receiver) => void }) {
  const teams = (useTeams().data ?? []).filter(({ id }) => id !== now);
  if (teams.length === 0 && now === null) return null;
  return (
    <>
      <Separator />
      <Menu.Label className="px-2.5 pt-1.5 pb-1 text-xs/4 text-ink-soft">{words.action.route}</Menu.Label>
      {teams.map(({ id, name }) => (
        <Menu.Item key={id} className={MENU_ITEM} onSelect={() => onTransfer({ kind: "team", id, name })}>
          <Icon outline={icons.people} />
          <bdi className="truncate">{name}</bdi>
        </Menu.Item>
      ))}
      {now === null ? null : (
        <Menu.Item className={MENU_ITEM} onSelect={() => onTransfer({ kind: "team", id: null, name: words.route.all })}>
          <Icon outline={icons.queue} />
          {words.action.routeToAll}
        </Menu.Item>
      )}
    </>
  );
}

function Separator() {
  return <Menu.Separator className={MENU_LINE} />;
}
