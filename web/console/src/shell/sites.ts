import { useQuery } from "@tanstack/react-query";

import { TARGET_S } from "../inbox/waiting";
import { rest } from "./rest";

export interface Site {
  id: string;
  key: string;
  name: string;
  /** How soon the team means to be there for whoever waits. */
  wait_target_s: number;
}

export const SITES = ["sites"];
/** Seldom changed, and asked for by each row that waits. */
const FRESH_MS = 60_000;

/** Every site, in the order in which they were made; asked for anew by whoever shows them, unless said otherwise. */
export function useSites(wanted = true, freshMs = 0) {
  return useQuery({
    queryKey: SITES,
    enabled: wanted,
    staleTime: freshMs,
    queryFn: async () => ((await rest("GET", "/api/sites")) as { sites: Site[] }).sites,
  });
}

/** The target for a wait on this site, in seconds. */
export function useTarget(site: string | null | undefined): number {
  const { data } = useSites(true, FRESH_MS);
  return data?.find(({ id }) => id === site)?.wait_target_s ?? TARGET_S;
}
