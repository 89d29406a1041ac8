import { useQuery } from "@tanstack/react-query";

import { rest } from "./rest";

export interface Colleague {
  id: string;
  name: string;
  role: "agent" | "admin";
  /** Here, and not away. */
  on_duty: boolean;
  /** A console of theirs is open. */
  here: boolean;
  away: boolean;
}

export const TEAM = ["agents"];

/** Whether one can count on somebody, as a word of `words.profile`. */
export function presenceOf({ here, away }: Colleague): "onDuty" | "away" | "notHere" {
  if (!here) return "notHere";
  return away ? "away" : "onDuty";
}

/** The team, as the server knows it now. */
export function useTeam(wanted = true) {
  return useQuery({
    queryKey: TEAM,
    enabled: wanted,
    queryFn: async () => ((await rest("GET", "/api/agents")) as { agents: Colleague[] }).agents,
  });
}
