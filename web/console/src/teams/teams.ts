import { useMutation, useQueryClient } from "@tanstack/react-query";

import { rest } from "../shell/rest";
import type { Route } from "../shell/route";
import { readTeams, TEAMS, type Team } from "../shell/teams";
import { orNothing, unlessOutdated } from "../shell/versions";

/** Of the section of the settings, in the address. */
export const SECTION = "teams";
export const NEW_TEAM = "new";

/** Where a team is changed; without one, the list of them. */
export function at(item: string | null): Route {
  return { page: "settings", section: SECTION, item };
}

/** `version` is the one that was changed into this; null for a new one. */
export type TeamToSave = Pick<Team, "name" | "members" | "assign" | "answer_within_s"> & { version: string | null };

export function useSaveTeam(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (team: TeamToSave) =>
      unlessOutdated(async () => (await rest("PUT", pathOf(id), team)) as Team, () => find(id)),
    onSuccess: () => queries.invalidateQueries({ queryKey: TEAMS }),
  });
}

export function useRemoveTeam() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }: Team) =>
      unlessOutdated(
        () => orNothing(rest("DELETE", `${pathOf(id)}?${String(new URLSearchParams({ version }))}`)),
        () => find(id),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: TEAMS }),
  });
}

/** What it is now; null if it is gone. */
async function find(id: string): Promise<Team | null> {
  return (await readTeams()).find((one) => one.id === id) ?? null;
}

function pathOf(id: string): string {
  return `/api/teams/${encodeURIComponent(id)}`;
}
