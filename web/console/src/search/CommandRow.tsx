import { Icon } from "@havana/ui";

import { ListOption } from "../shell/ListOption";
import type { Command } from "./commands";

interface CommandRowProps {
  id: string;
  command: Command;
  active: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

/** What it does, and the key that does the same. */
export function CommandRow({ id, command: { label, keys, icon }, active, onPoint, onChoose }: CommandRowProps) {
  return (
    <ListOption
      {...{ id, active, onPoint, onChoose }}
      className="flex min-h-10 items-center gap-3 rounded-medium px-3 py-1 pointer-coarse:min-h-11"
    >
      <span className="grid w-6 shrink-0 place-items-center text-ink-soft">
        <Icon outline={icon} />
      </span>
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {keys === null ? null : (
        <kbd aria-hidden="true" className="min-w-6 shrink-0 rounded-small border border-line bg-surface px-1.5 text-center font-sans text-xs/5 font-medium text-ink-soft max-md:hidden">
          {keys}
        </kbd>
      )}
    </ListOption>
  );
}
