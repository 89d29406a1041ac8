/** The parts of the inbox that one can look at, in the order of the menu and of the keys 1 to 5. */
export const VIEWS = ["open", "waiting", "mine", "assistant", "closed"] as const;
export type View = (typeof VIEWS)[number];

/** What a view is narrowed down to; null: not by this. */
export interface Narrowed {
  /** A site's id. */
  site: string | null;
  label: string | null;
  /** The id of an agent who is in charge. */
  agent: string | null;
  /** The id of a team that somebody waits for, or `MY_TEAMS`. */
  team: string | null;
}

export const MY_TEAMS = "mine";

export const EVERYTHING: Narrowed = { site: null, label: null, agent: null, team: null };

/** What of `narrowed` a view can be narrowed by: who is in charge is known already in all of them but one, and only who
 * waits can wait for a team. */
export function effective(view: View, narrowed: Narrowed): Narrowed {
  return { ...narrowed, agent: view === "open" ? narrowed.agent : null, team: view === "waiting" ? narrowed.team : null };
}

/** The `filter` of `follow_inbox`; `me` is the agent who looks, `mine` the ids of their teams. */
export function filterOf(view: View, narrowed: Narrowed, me: string, mine: readonly string[] = []): Record<string, unknown> {
  const { site, label, agent } = effective(view, narrowed);
  const by = { ...(site === null ? {} : { site }), ...(label === null ? {} : { label }) };
  switch (view) {
    case "waiting":
      return { ...by, waiting: true, ...(narrowed.team === null ? {} : { teams: narrowed.team === MY_TEAMS ? mine : [narrowed.team] }) };
    case "mine":
      return { ...by, agent: me };
    case "open":
      return agent === null ? { ...by, control: ["ai", "pending", "human"] } : { ...by, agent };
    case "assistant":
      return { ...by, control: ["ai"] };
    case "closed":
      return { ...by, control: ["closed"] };
  }
}
