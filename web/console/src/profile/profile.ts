import type { AgentClient } from "@havana/protocol";
import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { SESSION, type SignedIn } from "../session/session";
import { rest } from "../shell/rest";
import { TEAM, type Colleague } from "../shell/team";

export interface QuietHours {
  /** Times of day, `22:00`. */
  from: string;
  until: string;
  timezone: string;
}

export type Sound = "chime" | "bell" | "drops" | "knock";

export interface Notifications {
  sound_on: boolean;
  sound: Sound;
  /** In percent. */
  volume: number;
  desktop: boolean;
  quiet: QuietHours | null;
  /** One e-mail for each visitor who has waited for so many minutes while nobody is on duty. */
  mail: boolean;
  mail_after_m: number;
}

export interface Profile extends SignedIn {
  away: boolean;
  has_password: boolean;
  notifications: Notifications;
}

/** What holds until the server has told what was chosen. */
export const USUAL: Notifications = { sound_on: true, sound: "chime", volume: 60, desktop: false, quiet: null, mail: false, mail_after_m: 5 };

const PROFILE = ["profile"];
const NOTIFYING = ["notifications"];

/** Of who is signed in, kept up to date by `useColleagues`. */
export function useProfile() {
  return useQuery({ queryKey: PROFILE, queryFn: async () => (await rest("GET", "/api/profile")) as Profile, staleTime: Infinity });
}

/** Says that somebody is away, or back; the others are told by the server. */
export function useDuty() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, away }: { id: string; away: boolean }) =>
      rest("PUT", `/api/agents/${encodeURIComponent(id)}/duty`, { on_duty: !away }),
    onSuccess: (_, { id, away }) => tell(queries, { id, away }),
  });
}

export function useRename() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => (await rest("PUT", "/api/profile", { name })) as Profile,
    onSuccess: ({ id, name, away }) => tell(queries, { id, name, away }),
  });
}

/** What was chosen; null until that is known. Where it cannot be read, what is usual holds. */
export function useNotifications(): Notifications | null {
  const { data, isError } = useProfile();
  return data?.notifications ?? (isError ? USUAL : null);
}

/** Shown at once, and as it was if the server does not take it. What is chosen quickly is sent in that order. */
export function useChoose() {
  const queries = useQueryClient();
  const { mutate, ...saving } = useMutation({
    mutationFn: (chosen: Notifications) => rest("PUT", "/api/profile/notifications", chosen),
    mutationKey: NOTIFYING,
    scope: { id: "notifications" },
    // Asked anew after the last of them: it may have been on its way when something was chosen.
    onSettled: () => {
      if (queries.isMutating({ mutationKey: NOTIFYING }) === 1) void queries.invalidateQueries({ queryKey: PROFILE });
    },
  });
  const choose = async (some: Partial<Notifications>) => {
    // What the server is telling just now is from before: it would undo the choice on the screen.
    await queries.cancelQueries({ queryKey: PROFILE });
    const known = queries.getQueryData<Profile>(PROFILE);
    if (!known) return;
    const notifications = { ...known.notifications, ...some };
    queries.setQueryData<Profile>(PROFILE, { ...known, notifications });
    mutate(notifications);
  };
  return { ...saving, choose: (some: Partial<Notifications>) => void choose(some) };
}

/** Ends all other sessions, too. */
export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (passwords: { current: string; new: string }) => rest("PUT", "/api/profile/password", passwords),
    onSuccess: () => queries.setQueryData<Profile>(PROFILE, (known) => known && { ...known, has_password: true }),
  });
}

/** Keeps what is known of the team as it is: by what is pushed, and after a connection was gone by asking anew. */
export function useColleagues(client: AgentClient): void {
  const queries = useQueryClient();
  useEffect(() => {
    const told = client.colleague.subscribe(() => {
      const push = client.colleague.getSnapshot();
      if (push?.push === "colleague") tell(queries, { ...push.agent, away: push.away });
      else if (push) for (const queryKey of [TEAM, ["people"]]) void queries.invalidateQueries({ queryKey });
    });
    const connected = client.connection.subscribe(() => {
      if (client.connection.getSnapshot().status !== "ready") return;
      for (const queryKey of [PROFILE, TEAM]) void queries.invalidateQueries({ queryKey });
    });
    return () => {
      told();
      connected();
    };
  }, [client, queries]);
}

/** Where it is shown already it changes at once; who is here besides is asked of the server. */
function tell(queries: QueryClient, changed: { id: string; name?: string; away: boolean }): void {
  const merge = <T extends { id: string }>(known: T | null | undefined) => (known?.id === changed.id ? { ...known, ...changed } : known);
  queries.setQueryData<Profile>(PROFILE, (known) => merge(known) ?? undefined);
  queries.setQueryData<SignedIn | null>(SESSION, (known) => merge(known));
  queries.setQueryData<Colleague[]>(TEAM, (team) => team?.map((one) => merge(one) ?? one));
  for (const queryKey of [TEAM, ["people"]]) void queries.invalidateQueries({ queryKey });
  // Our role may be another one now, or our session may have ended: neither is told here.
  if (queries.getQueryData<SignedIn | null>(SESSION)?.id === changed.id) void queries.invalidateQueries({ queryKey: SESSION });
}
