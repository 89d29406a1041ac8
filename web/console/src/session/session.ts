import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { drafts } from "../composer/drafts";
import { RestRefused, rest } from "../shell/rest";
import { navigate } from "../shell/route";

/** The agent who is signed in. */
export interface SignedIn {
  id: string;
  name: string;
  email: string;
  role: "agent" | "admin";
}

/** What proves who somebody is: their password, or a one-time link made by `havana agent sign-in-link`. */
export type Proof = { email: string; password: string } | { link: string };

export const SESSION = ["session"];

/** Who is signed in; null if nobody is. Not asked while there is a link to try, whose answer says it. */
export function useSession(ask: boolean) {
  return useQuery({ queryKey: SESSION, queryFn: askWho, staleTime: Infinity, enabled: ask });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (proof: Proof) => (await rest("POST", "/api/session", proof)) as { agent: SignedIn },
    onSuccess: ({ agent }) => {
      queries.setQueryData(SESSION, agent);
      // Whoever was sent to the door from a conversation stays at its address.
      if (location.pathname === "/console/sign-in") navigate({ page: "inbox", conversation: null }, { replace: true });
    },
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => rest("DELETE", "/api/session"),
    onSettled: () => {
      drafts.wipe();
      // The page watches who is signed in: this is changed, and not taken away with everything else.
      queries.setQueryData(SESSION, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
    },
  });
}

/** The session ended elsewhere (signed out in another tab, deactivated): ask the server who we are. */
export function useAskAgain(): () => void {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: SESSION });
}

async function askWho(): Promise<SignedIn | null> {
  try {
    return ((await rest("GET", "/api/session")) as { agent: SignedIn }).agent;
  } catch (error) {
    if (error instanceof RestRefused && error.status === 401) return null;
    throw error;
  }
}
