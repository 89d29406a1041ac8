import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { rest } from "../shell/rest";
import { SITES } from "../shell/sites";
import { unlessOutdated } from "../shell/versions";
import type { Team } from "../shell/teams";

/** What may be set here; times in seconds, `hours` by day. `words` are those that are others than Havana's own. */
export interface ToSave {
  name: string;
  assistant: string;
  persona: string;
  greeting: string;
  suggestions: readonly string[];
  call_url: string | null;
  timezone: string;
  hours: Readonly<Record<string, readonly string[]>>;
  /** Whether the team sees on which page a visitor is. */
  tells_page: boolean;
  /** To whom who waits for no team is given by itself. */
  assign: Team["assign"];
  answer_within_s: number;
  wait_target_s: number;
  remind_after_s: number;
  agent_gone_after_s: number;
  idle_close_after_s: number;
  approval_s: number;
  answer_tokens: number | null;
  answers_per_hour: number;
  money_per_day: number | null;
  words: Readonly<Record<string, string>>;
  /** Of the settings that were changed into these. */
  version: string;
}

export interface Tool {
  kind: "http" | "mcp";
  name: string;
  /** Without the query, in which there may be a secret. */
  address: string;
  permission: "read" | "allowed" | "ask" | null;
}

export interface Settings extends ToSave {
  key: string;
  own_words: Readonly<Record<string, string>>;
  tools: readonly Tool[];
  updated_at: string;
  /** Null for a command. */
  by: string | null;
}

export function useSettings(key: string) {
  return useQuery({ queryKey: [...SITES, key], queryFn: () => read(key) });
}

export function useSaveSettings(key: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (settings: ToSave) =>
      unlessOutdated(async () => (await rest("PUT", pathOf(key), settings)) as Settings, () => read(key)),
    onSuccess: (saved) => {
      queries.setQueryData([...SITES, key], saved);
      return queries.invalidateQueries({ queryKey: SITES, exact: true });
    },
  });
}

export function useAddSite() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (site: { key: string; name: string }) => (await rest("POST", "/api/sites", site)) as Settings,
    onSuccess: (made) => {
      queries.setQueryData([...SITES, made.key], made);
      return queries.invalidateQueries({ queryKey: SITES, exact: true });
    },
  });
}

async function read(key: string): Promise<Settings> {
  return (await rest("GET", pathOf(key))) as Settings;
}

function pathOf(key: string): string {
  return `/api/sites/${encodeURIComponent(key)}/settings`;
}
