import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { rest } from "../shell/rest";
import type { Narrowed, Wanted } from "./address";
import type { Day, Figures, Score, Wait } from "./figures";

export interface Compared {
  now: Figures;
  before: Figures;
}
export interface Counted {
  name: string;
  now: number;
  before: number;
}
export interface OfAgent {
  agent: string;
  name: string;
  handovers: number;
  claim: Wait;
  words: Wait;
  ratings: Score;
}
export interface OfSite {
  site: string;
  name: string;
  figures: Compared;
}
export interface Report {
  counted_until: string | null;
  compared_from: string;
  compared_to: string;
  figures: Compared;
  days: Day[];
  hours: Counted[];
  reasons: Counted[];
  satisfaction: { assistant: Score; people: Score };
  sites: OfSite[];
  agents: OfAgent[];
}
export interface Listed {
  conversation: string;
  visitor: string;
  preview: string;
  control: "ai" | "pending" | "human" | "closed";
  site: string;
  at: string;
  value: number | null;
}
interface ListedPage {
  conversations: Listed[];
  next: number | null;
}
export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** While not all is counted it is asked for again soon. */
const AGAIN_MS = 2_000;

export function useReport(wanted: Wanted) {
  return useQuery({
    queryKey: ["report", params(wanted)],
    queryFn: async () => (await rest("GET", `/api/reports?${params(wanted)}`)) as Report,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.counted_until ? AGAIN_MS : false),
  });
}

/** A page of the list, which begins after so many. */
export function useBehind(wanted: Wanted, narrowed: Narrowed, skip: number) {
  const asked = `${params(wanted, narrowed)}&skip=${String(skip)}`;
  return useQuery({
    queryKey: ["report", "behind", asked],
    queryFn: async () => (await rest("GET", `/api/reports/conversations?${asked}`)) as ListedPage,
  });
}

function params(wanted: Wanted, narrowed?: Narrowed): string {
  const { from, to, site, agent } = wanted;
  const asked = Object.entries({ from, to, zone: ZONE, site, agent, ...narrowed });
  return new URLSearchParams(asked.flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]))).toString();
}
