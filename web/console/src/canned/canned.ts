import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { rest } from "../shell/rest";
import { orNothing, unlessOutdated } from "../shell/versions";

export interface CannedAnswer {
  id: string;
  /** The key of the one site that it is for; null for all. */
  site: string | null;
  name: string;
  text: string;
  /** Another one after each change. */
  version: string;
  updated_at: string;
  by: string | null;
}

export interface CannedAnswers {
  answers: readonly CannedAnswer[];
  /** Names of sites by their keys. */
  sites: Readonly<Record<string, string>>;
}

/** `version` is the one that was changed into this; null for a new one. */
export type CannedToSave = Pick<CannedAnswer, "name" | "text" | "site"> & { version: string | null };

const KEY = "canned";
/** Colleagues write some now and then. */
const FRESH_MS = 60_000;

/** All of them. */
export function useCanned() {
  return useQuery({ queryKey: [KEY], queryFn: read });
}

/** What may be said in this conversation, and the one site that it is on; asked for when somebody begins to write. */
export function useCannedIn(conversation: string, wanted: boolean): CannedAnswers | undefined {
  const { data } = useQuery({
    queryKey: [KEY, conversation],
    queryFn: async () => (await rest("GET", `/api/canned?${String(new URLSearchParams({ conversation }))}`)) as CannedAnswers,
    enabled: wanted,
    staleTime: FRESH_MS,
  });
  return data;
}

export function useSaveCanned(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (answer: CannedToSave) =>
      unlessOutdated(async () => (await rest("PUT", pathOfCanned(id), answer)) as CannedAnswer, () => find(id)),
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
}

export function useRemoveCanned() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }: CannedAnswer) =>
      unlessOutdated(
        () => orNothing(rest("DELETE", `${pathOfCanned(id)}?${String(new URLSearchParams({ version }))}`)),
        () => find(id),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
}

async function read(): Promise<CannedAnswers> {
  return (await rest("GET", "/api/canned")) as CannedAnswers;
}

/** What it says now; null if it is gone. */
async function find(id: string): Promise<CannedAnswer | null> {
  return (await read()).answers.find((one) => one.id === id) ?? null;
}

function pathOfCanned(id: string): string {
  return `/api/canned/${encodeURIComponent(id)}`;
}
