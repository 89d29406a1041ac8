import type { ConversationSnapshot, ConversationStore, Summary } from "@havana/protocol";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { rest } from "../shell/rest";
import { explainRefusal } from "../thread/actions";
import { labelsIn } from "./labels";

export interface Labelling {
  /** Those that the conversation has, or is about to have. */
  labels: readonly string[];
  /** Those that conversations of this site have, the most frequent first. */
  used: readonly string[];
  /** Why the last change was not made. */
  problem: string | null;
  change: (labels: readonly string[]) => void;
}

/** `seq` is the place in the log of what was wished for; null as long as nobody has said yes. */
interface Wished {
  labels: readonly string[];
  seq: number | null;
}

/** The labels of a conversation, as its log, the inbox or else the server says; changed at once, and taken back if refused. */
export function useLabels(conversation: string, store: ConversationStore, snapshot: ConversationSnapshot, summary: Summary | undefined): Labelling {
  const [wished, setWished] = useState<Wished | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const said = labelsIn(snapshot.events) ?? summary?.labels;
  const { data } = useInUse(conversation, said?.length ?? 0);

  const change = (labels: readonly string[]) => {
    const wish: Wished = { labels, seq: null };
    const settle = (with_: Wished | null) => {
      setWished((latest) => (latest === wish ? with_ : latest));
    };
    setWished(wish);
    setProblem(null);
    // One after another: each says all labels, so the last one said must be the last one stored.
    line.current = line.current
      .then(() => store.command("label", { labels }))
      .then(
        ({ seq }) => {
          settle({ labels, seq });
        },
        (error: unknown) => {
          settle(null);
          setProblem(explainRefusal(error));
        },
      );
  };
  const isAhead = wished !== null && (wished.seq === null || snapshot.last < wished.seq);
  return {
    labels: isAhead ? wished.labels : (said ?? data?.own ?? []),
    used: data?.labels.map(({ label }) => label) ?? [],
    problem,
    change,
  };
}

/** Asked for again when this conversation has more or fewer: it may be the first with a new one. */
function useInUse(conversation: string, count: number) {
  return useQuery({
    queryKey: ["labels", conversation, count],
    queryFn: async () =>
      (await rest("GET", `/api/labels?${String(new URLSearchParams({ conversation }))}`)) as {
        labels: { label: string; conversations: number }[];
        own: string[];
      },
    placeholderData: (before) => before,
  });
}
