import { Button, icons } from "@havana/ui";
import * as Popover from "@radix-ui/react-popover";

import { useSignOut } from "../session/session";
import { useLive } from "../shell/live";
import { KeyList } from "../shell/KeyList";
import { words } from "../words";

interface InboxToolsProps {
  muted: boolean;
  onMute: (muted: boolean) => void;
  helping: boolean;
  onHelp: (helping: boolean) => void;
}

/** The quiet buttons above the list: sound, keys, signing out. */
export function InboxTools({ muted, onMute, helping, onHelp }: InboxToolsProps) {
  const { me } = useLive();
  const signOut = useSignOut();
  return (
    <div className="flex shrink-0">
      <Button
        look="quiet"
        icon={muted ? icons.soundOff : icons.soundOn}
        label={muted ? words.inbox.soundOff : words.inbox.soundOn}
        onClick={() => {
          onMute(!muted);
        }}
      />
      <Help open={helping} onOpen={onHelp} />
      <Button
        look="quiet"
        icon={icons.signOut}
        label={`${words.inbox.signOut} (${me.name})`}
        disabled={signOut.isPending}
        onClick={() => {
          signOut.mutate();
        }}
      />
    </div>
  );
}

function Help({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  return (
    <Popover.Root open={open} onOpenChange={onOpen}>
      <Popover.Anchor asChild>
        <span className="max-sm:hidden">
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
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="hv-appear z-30 w-84 max-w-[calc(100vw-16px)] rounded-medium border border-line bg-raised p-4 shadow-raised outline-none"
        >
          <h2 className="font-medium">{words.inbox.help}</h2>
          <div className="mt-3">
            <KeyList keys={words.help} />
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
