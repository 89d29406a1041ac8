import { Icon, icons, type Outline } from "@havana/ui";

import { words } from "../words";
import type { Copilot } from "./useCopilot";

/** What the assistant can do for the reply that is being written: quiet, for most replies need none of it. */
export function Tools({ copilot, hasText }: { copilot: Copilot; hasText: boolean }) {
  const say = words.suggestion;
  return (
    <div role="group" aria-label={say.tools} className="ms-auto flex shrink-0 items-center">
      {copilot.undo ? <Tool icon={icons.retry} label={say.undo} onClick={copilot.undo} /> : null}
      {hasText && !copilot.undo ? (
        <>
          <Tool label={say.shorter} title={say.shorterTitle} onClick={() => { copilot.rewrite("shorter"); }} />
          <Tool label={say.friendlier} title={say.friendlierTitle} onClick={() => { copilot.rewrite("friendlier"); }} />
        </>
      ) : null}
      <Tool icon={icons.palm} label={say.suggest} title={say.suggestTitle} narrow={hasText} onClick={copilot.suggest} />
    </div>
  );
}

interface ToolProps {
  label: string;
  title?: string;
  icon?: Outline;
  /** On a phone the icon has to do. */
  narrow?: boolean;
  onClick: () => void;
}

function Tool({ label, title, icon, narrow = false, onClick }: ToolProps) {
  return (
    <button
      type="button"
      title={title}
      onClick={onClick}
      className="flex h-9 cursor-pointer items-center gap-1.5 rounded-medium px-2 text-[13px] font-medium text-ink-soft hover:bg-wash hover:text-ink pointer-coarse:h-11 md:px-2.5"
    >
      {icon ? <Icon outline={icon} /> : null}
      <span className={narrow ? "max-md:sr-only" : ""}>{label}</span>
    </button>
  );
}
