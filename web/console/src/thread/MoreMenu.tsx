import type { ConversationStore } from "@havana/protocol";
import { Icon, icons } from "@havana/ui";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useLive } from "../shell/live";
import { rest } from "../shell/rest";
import { words } from "../words";
import { ACTION_ICON, actionName, type Doing } from "./ActionButtons";
import { mayTransfer } from "./actions";
import type { Act } from "./useActing";

interface MoreMenuProps extends Doing {
  store: ConversationStore;
  act: Act;
  onBlock: () => void;
}

interface Colleague {
  id: string;
  name: string;
  role: "agent" | "admin";
  on_duty: boolean;
}

const ITEM =
  "flex min-h-10 cursor-pointer items-center gap-2 rounded-small px-2.5 outline-none data-disabled:text-ink-soft data-highlighted:bg-wash";

/** What is needed less often: the other actions, a colleague to give the conversation to, and blocking. */
export function MoreMenu({ store, act, onBlock, ...doing }: MoreMenuProps) {
  const { me } = useLive();
  const [open, setOpen] = useState(false);
  return (
    // Not modal: a modal menu would lock the page with a <style> element, which our Content-Security-Policy forbids.
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
          className="hv-appear z-30 min-w-56 rounded-medium border border-line bg-raised p-1 shadow-raised"
        >
          {doing.actions.map((action) => (
            <Menu.Item key={action} className={ITEM} disabled={doing.busy} onSelect={() => doing.onAction(action)}>
              <Icon outline={ACTION_ICON[action]} />
              {actionName(action, doing.state)}
            </Menu.Item>
          ))}
          {mayTransfer(doing.state, me) ? (
            <Transfer holder={doing.state.agent?.id} onTransfer={(to) => void act(() => store.command("transfer", { to }))} />
          ) : null}
          {doing.actions.length > 0 ? <Separator /> : null}
          <Menu.Item className={`${ITEM} text-waiting`} onSelect={onBlock}>
            <Icon outline={icons.block} />
            {words.action.block}
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** The team, asked for when the menu opens. */
function Transfer({ holder, onTransfer }: { holder: string | undefined; onTransfer: (to: string) => void }) {
  const team = useQuery({
    queryKey: ["agents"],
    queryFn: async () => ((await rest("GET", "/api/agents")) as { agents: Colleague[] }).agents,
  });
  const others = (team.data ?? []).filter((one) => one.id !== holder);
  return (
    <>
      <Separator />
      <Menu.Label className="px-2.5 pt-1.5 pb-1 text-xs/4 text-ink-soft">{words.action.transfer}</Menu.Label>
      {team.isSuccess && others.length === 0 ? (
        <Menu.Item disabled className={ITEM}>
          {words.action.transferNobody}
        </Menu.Item>
      ) : null}
      {others.map((one) => (
        <Menu.Item key={one.id} className={ITEM} onSelect={() => onTransfer(one.id)}>
          <Icon outline={icons.transfer} />
          <bdi className="flex-1">{one.name}</bdi>
          {one.on_duty ? <span className="text-xs/4 text-ink-soft">{words.action.onDuty}</span> : null}
        </Menu.Item>
      ))}
    </>
  );
}

function Separator() {
  return <Menu.Separator className="my-1 h-px bg-line" />;
}
