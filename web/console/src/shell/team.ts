import { useQuery } from "@tanstack/react-query";

import { rest } from "./rest";

export interface Colleague {
  id: string;
  name: string;
  role: "agent" | "admin";
  on_duty: boolean;
}

/** The team, as the server knows it now. */
export function useTeam(wanted = true) {
  return useQuery({
    queryKey: ["agents"],
    enabled: wanted,
    queryFn: async () => ((await rest("GET", "/api/agents")) as { agents: Colleague[] }).agents,
  });
}
