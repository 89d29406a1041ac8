import type { InboxSnapshot, Summary } from "@havana/protocol";
import { useEffect, useMemo, useState } from "react";

import { useLive } from "../shell/live";
import { useStoredChoice } from "../shell/stored";
import { useTeams } from "../shell/teams";
import { useFocused } from "../shell/useFocused";
import { useStore } from "../shell/useStore";
import { EVERYTHING, filterOf, MY_TEAMS, VIEWS, type Narrowed, type View } from "./views";

export interface InboxView {
  view: View;
  onView: (view: View) => void;
  narrowed: Narrowed;
  onNarrow: (narrowed: Narrowed) => void;
  /** The list of the view. */
  list: InboxSnapshot;
  /** Asks for older ones. */
  onMore: () => void;
}

export interface Unread {
  /** Whether the server has told it since the page was opened. */
  known: boolean;
  conversations: readonly Summary[];
}

/** What somebody looks at in the inbox. The view is remembered by the browser; what it is narrowed to is for now only. */
export function useInboxView(): InboxView {
  const { client, me } = useLive();
  const [view, onView] = useStoredChoice("view", VIEWS, "open");
  const [narrowed, onNarrow] = useState(EVERYTHING);
  const list = client.inbox("list");
  const mine = useTeams(narrowed.team === MY_TEAMS).data?.filter(({ members }) => members.includes(me.id)).map(({ id }) => id).join(" ") ?? "";
  const filter = useMemo(() => filterOf(view, narrowed, me.id, mine.split(" ")), [view, narrowed, me.id, mine]);
  useEffect(() => list.follow(filter), [list, filter]);
  return { view, onView, narrowed, onNarrow, list: useStore(list), onMore: () => list.more() };
}

/** Everybody who waits for the team, whatever is looked at: the longest wait first. */
export function useQueue(): InboxSnapshot {
  return useStore(useLive().client.inbox("waiting"));
}

/** What one is in charge of oneself. */
export function useMine(): InboxSnapshot {
  return useStore(useLive().client.inbox("mine"));
}

/** Those of one's own with words that one has not read, or that were given to one and wait for an answer; not the one that one is looking at, which is read at once. */
export function useUnreadMine(selected: string | null): Unread {
  const { status, conversations } = useMine();
  const looking = useFocused() ? selected : null;
  return useMemo(
    () => ({
      known: status === "ready",
      conversations: conversations.filter((summary) => wantsUs(summary) && summary.conversation !== looking),
    }),
    [status, conversations, looking],
  );
}

function wantsUs({ unread, answer_until }: Summary): boolean {
  return unread > 0 || Boolean(answer_until);
}

/** Keeps the lists that the console needs wherever one is. */
export function useFollowedLists(): void {
  const { client, me } = useLive();
  useEffect(() => client.inbox("waiting").follow({ waiting: true }), [client]);
  useEffect(() => client.inbox("mine").follow({ agent: me.id }), [client, me.id]);
}

/** What the lists say of a conversation, if it is in one of them. */
export function useSummary(conversation: string | null, list: InboxSnapshot): Summary | undefined {
  const queue = useQueue();
  const mine = useMine();
  return useMemo(() => {
    for (const { conversations } of [list, queue, mine]) {
      const found = conversations.find((summary) => summary.conversation === conversation);
      if (found) return found;
    }
    return undefined;
  }, [conversation, list, queue, mine]);
}
