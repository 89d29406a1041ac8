import type { InboxSnapshot, Summary } from "@havana/protocol";
import { useEffect, useMemo } from "react";

import { useQueue } from "../inbox/useInbox";
import { useLive } from "../shell/live";
import { useStore } from "../shell/useStore";
import { MOST, without, type Column } from "./wall";

export interface Wall {
  columns: Record<Column, InboxSnapshot>;
  /** Everything that is with a person, also what stands among those who wait: for what each of the team holds. */
  held: readonly Summary[];
}

/** Every conversation that is running, live, for as long as the wall stands. */
export function useWall(): Wall {
  const pending = useQueue();
  const human = useWhole("wall-human", "human");
  const ai = useWhole("wall-ai", "ai");
  return useMemo(
    () => ({ columns: { pending, human: without(human, pending), ai: without(ai, pending) }, held: human.conversations }),
    [pending, human, ai],
  );
}

function useWhole(name: string, control: "human" | "ai"): InboxSnapshot {
  const { client } = useLive();
  const list = client.inbox(name);
  useEffect(() => list.follow({ control: [control] }), [list, control]);
  const snapshot = useStore(list);
  const { more, conversations } = snapshot;
  useEffect(() => {
    if (more && conversations.length < MOST) list.more();
  }, [list, more, conversations.length]);
  return snapshot;
}
