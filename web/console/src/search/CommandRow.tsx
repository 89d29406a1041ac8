import { Icon } from "@havana/ui";
import { useEffect, useRef } from "react";

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
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    // The keys for it are the field's, which names it as the active one.
    <li
      ref={row}
      id={id}
      role="option"
      aria-selected={active}
      onMouseMove={active ? undefined : onPoint}
      onClick={onChoose}
      className={`flex min-h-10 cursor-pointer items-center gap-3 rounded-medium px-3 py-1 pointer-coarse:min-h-11 ${active ? "bg-wash" : ""}`}
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
    </li>
  );
}
