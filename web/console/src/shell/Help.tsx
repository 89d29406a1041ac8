import { Button, icons } from "@havana/ui";
import * as Popover from "@radix-ui/react-popover";

import { Switch } from "../settings/parts";
import { words } from "../words";
import { KeyList } from "./KeyList";
import { useStoredFlag } from "./stored";
import { SINGLE_KEYS } from "./useShortcuts";

/** The keys, for whoever has some. */
export function Help({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  const [on, setOn] = useStoredFlag(SINGLE_KEYS, true);
  return (
    <Popover.Root open={open} onOpenChange={onOpen}>
      <Popover.Anchor asChild>
        <span className="max-md:hidden">
          <Button
            look="quiet"
            icon={icons.help}
            label={words.inbox.help}
            expanded={open}
            onClick={() => {
              onOpen(!open);
            }}
          />
        </span>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          aria-label={words.inbox.help}
          side="right"
          align="end"
          sideOffset={8}
          collisionPadding={8}
          className="hv-appear z-30 w-84 max-w-[calc(100vw-16px)] rounded-medium border border-line bg-raised p-4 shadow-raised outline-none"
        >
          <h2 className="font-medium">{words.inbox.help}</h2>
          <div className="my-3">
            <KeyList keys={words.help} />
          </div>
          <Switch label={words.singleKeys} hint={words.singleKeysHint} on={on} onChange={setOn} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
