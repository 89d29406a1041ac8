import { useQuery } from "@tanstack/react-query";

import { rest } from "./rest";

/** Agents under a name, to whom conversations that wait can be directed. */
export interface Team {
  id: string;
  name: string;
  /** Ids of agents, by their names. */
  members: readonly string[];
  /** How what waits for it is given to one of them by itself. */
  assign: "off" | "least_busy" | "round_robin";
  /** How long they have to answer before it goes to the next. */
  answer_within_s: number;
  /** Another one after each change. */
  version: string;
  updated_at: string;
  by: string | null;
}

export const TEAMS = ["teams"];

export async function readTeams(): Promise<Team[]> {
  return ((await rest("GET", "/api/teams")) as { teams: Team[] }).teams;
}

/** All of them, by their names. */
export function useTeams(wanted = true) {
  return useQuery({ queryKey: TEAMS, enabled: wanted, queryFn: readTeams });
}
