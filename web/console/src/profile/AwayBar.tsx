import { Icon, icons } from "@havana/ui";

import { words } from "../words";
import { useDuty, useProfile } from "./profile";

/** So that nobody forgets it. Nothing while one is on duty. */
export function AwayBar() {
  const { data: mine } = useProfile();
  const duty = useDuty();
  if (!mine?.away) return null;
  return (
    <div role="status" className="flex min-h-11 shrink-0 items-center justify-center gap-x-3 border-b border-note-line bg-note px-4 text-note-ink">
      <Icon outline={icons.clock} className="shrink-0" />
      <span className="min-w-0 py-1.5">{duty.isError ? words.profile.failed : words.profile.youAreAway}</span>
      <button
        type="button"
        disabled={duty.isPending}
        onClick={() => duty.mutate({ id: mine.id, away: false })}
        className="min-h-11 shrink-0 cursor-pointer rounded-small px-1 font-medium underline underline-offset-2"
      >
        {words.profile.backOnDuty}
      </button>
    </div>
  );
}
