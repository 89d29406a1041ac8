import { INPUT, Labelled } from "../shell/fields";
import type { Team } from "../shell/teams";
import { teamsWords as say } from "./words";

type Fields = Pick<Team, "assign" | "answer_within_s">;

/** To choose from, and whatever it is now. */
const MINUTES = [1, 2, 3, 5, 10, 15, 30];

/** Whether and to whom who waits is given by itself, for those of a team or of a website. */
export function Assigning({ fields: { assign, answer_within_s }, onChange }: { fields: Fields; onChange: (some: Partial<Fields>) => void }) {
  return (
    <div className="flex flex-wrap gap-4 [&>div]:grow [&>div]:basis-32 [&>div:first-child]:basis-72">
      <Labelled label={say.assign} hint={say.assignHint}>
        {(field) => (
          <select {...field} value={assign} onChange={(event) => onChange({ assign: event.target.value as Fields["assign"] })} className={INPUT}>
            {(["off", "least_busy", "round_robin"] as const).map((how) => (
              <option key={how} value={how}>
                {say.how[how]}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {assign === "off" ? null : (
        <Labelled label={say.within} hint={say.withinHint}>
          {(field) => (
            <select {...field} value={answer_within_s} onChange={(event) => onChange({ answer_within_s: Number(event.target.value) })} className={INPUT}>
              {[...new Set([...MINUTES.map((minutes) => minutes * 60), answer_within_s])].map((seconds) => (
                <option key={seconds} value={seconds}>
                  {seconds / 60}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      )}
    </div>
  );
}
