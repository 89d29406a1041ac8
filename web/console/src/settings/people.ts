import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { SESSION, type SignedIn } from "../session/session";
import { rest } from "../shell/rest";
import { TEAM } from "../shell/team";
import type { Details } from "./changesWords";

export type PersonState = "active" | "invited" | "deactivated";

/** What became of the letter with an invitation; `error` is why it has not been sent, so far or for good. */
export interface Mailed {
  state: "sending" | "sent" | "failed";
  error: string | null;
}

export interface Person extends SignedIn {
  state: PersonState;
  /** When a link ends that was made for them and not used yet. */
  link_until: string | null;
  /** Null if none was written. */
  mailed: Mailed | null;
  /** How many conversations at once are given to them by themselves; null: as many as to everybody. */
  capacity: number | null;
}

/** `link` is a path with a fragment, told this once. */
export interface MadeLink {
  person: Person;
  link: string;
}

export type ToInvite = Pick<Person, "name" | "email" | "role">;

/** What admins do to somebody; all but the last two answer with the person as they are then. */
export type Act =
  | { do: "role"; id: string; role: SignedIn["role"] }
  | { do: "capacity"; id: string; capacity: number }
  | { do: "deactivate" | "reactivate" | "withdraw"; id: string };

const PEOPLE = ["people"];

/** Who is on the team, invited or deactivated; for admins. */
export function usePeople(wanted: boolean) {
  return useQuery({
    queryKey: PEOPLE,
    enabled: wanted,
    queryFn: async () => ((await rest("GET", "/api/people")) as { people: Person[] }).people,
    // Whether a letter was sent, nobody tells.
    refetchInterval: ({ state }) => (state.data?.some(({ mailed }) => mailed?.state === "sending") ? 2000 : false),
  });
}

export function useInvite() {
  const told = useTold();
  return useMutation({ mutationFn: async (person: ToInvite) => (await rest("POST", "/api/people", person)) as MadeLink, onSettled: told });
}

export function useNewLink() {
  const told = useTold();
  return useMutation({ mutationFn: async (id: string) => (await rest("POST", `${pathOf(id)}/link`)) as MadeLink, onSettled: told });
}

export function useAct() {
  const told = useTold();
  return useMutation({
    mutationFn: (act: Act) => {
      const path = pathOf(act.id);
      if (act.do === "role") return rest("PUT", `${path}/role`, { role: act.role });
      if (act.do === "capacity") return rest("PUT", `${path}/capacity`, { capacity: act.capacity });
      return act.do === "withdraw" ? rest("DELETE", path) : rest("POST", `${path}/${act.do}`);
    },
    onSettled: told,
  });
}

/** All that shows who is there is read anew; whether we are an admin ourselves, too. */
function useTold(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () => Promise.all([PEOPLE, TEAM, SESSION].map((queryKey) => queries.invalidateQueries({ queryKey })));
}

function pathOf(id: string): string {
  return `/api/people/${encodeURIComponent(id)}`;
}

export interface Entry {
  id: string;
  at: string;
  /** Null for a command. */
  by: { id: string; name: string } | null;
  kind: string;
  details: Details;
}

interface Page {
  entries: Entry[];
  next: string | null;
}

/** The newest first: those before this one, or the first page. */
export function useChanges(before: string) {
  return useQuery({
    queryKey: ["audit", before],
    queryFn: async () => (await rest("GET", `/api/audit${before && `?before=${before}`}`)) as Page,
    // What was changed since then is on the first page.
    staleTime: before ? Infinity : 0,
  });
}

/** Whom a link is for. */
export interface BehindLink {
  name: string;
  email: string;
  invited: boolean;
}

export function useBehindLink(link: string) {
  return useQuery({
    queryKey: ["link", link],
    queryFn: async () => (await rest("POST", "/api/links", { link })) as BehindLink,
    staleTime: Infinity,
    gcTime: 0,
  });
}

/** The answer is the same for everybody. */
export function useForgotten() {
  return useMutation({ mutationFn: (email: string) => rest("POST", "/api/links/forgotten", { email }) });
}

/** Sets the password and signs in. */
export function useFollowLink(link: string) {
  return useMutation({
    mutationFn: async (password: string) => ((await rest("POST", "/api/links/follow", { link, password })) as { agent: SignedIn }).agent,
  });
}
