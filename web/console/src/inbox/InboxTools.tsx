import { Button } from "@havana/ui";
import * as Popover from "@radix-ui/react-popover";

import { useSignOut } from "../session/session";
import { useLive } from "../shell/live";
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
        icon={muted ? "soundOff" : "soundOn"}
        label={muted ? words.inbox.soundOff : words.inbox.soundOn}
        onClick={() => {
          onMute(!muted);
        }}
      />
      <Help open={helping} onOpen={onHelp} />
      <Button
        look="quiet"
        icon="signOut"
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
            icon="help"
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
          className="hv-appear z-30 w-72 rounded-medium border border-line bg-raised p-4 shadow-raised"
        >
          <h2 className="font-medium">{words.inbox.help}</h2>
          <dl className="mt-3 grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
            {words.help.map(([keys, meaning]) => (
              <div key={keys} className="contents">
                <dt className="flex gap-1">
                  {keys.split(" ").map((key) => (
                    <kbd key={key} className="min-w-6 rounded-small border border-line bg-wash px-1.5 text-center text-xs/5">
                      {key}
                    </kbd>
                  ))}
                </dt>
                <dd className="text-ink-soft">{meaning}</dd>
              </div>
            ))}
          </dl>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
