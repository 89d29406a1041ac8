import type { State, Suggestion } from "@havana/protocol";
import { useMemo, useState } from "react";

import { useLive } from "../shell/live";
import { useStore } from "../shell/useStore";
import { isMine } from "../thread/actions";
import { drafts } from "./drafts";

export interface Copilot {
  /** What it has written and nobody has taken or dismissed. */
  suggestion: Suggestion | null;
  suggest: () => void;
  rewrite: (how: "shorter" | "friendlier") => void;
  /** Into the field: after what stands there, or, if it is that in another way, in its place. */
  take: () => void;
  again: () => void;
  drop: () => void;
  /** Brings back the words whose place others took; null once anything else was written. */
  undo: (() => void) | null;
}

/** What the assistant writes for the agent who holds the conversation; null where it is not for us to reply. */
export function useCopilot(id: string, state: State): Copilot | null {
  const { client, me } = useLive();
  const { suggestions } = client;
  const suggestion = useStore(useMemo(() => suggestions.of(id), [suggestions, id]));
  const { reply } = useStore(useMemo(() => drafts.of(id), [id]));
  const [replaced, setReplaced] = useState<{ before: string; after: string } | null>(null);
  if (!isMine(state, me)) return null;

  const suggest = () => {
    drafts.change(id, { mode: "reply" });
    suggestions.suggest(id);
  };
  const rewrite = (how: "shorter" | "friendlier") => {
    suggestions.rewrite(id, reply, how);
  };
  return {
    suggestion,
    suggest,
    rewrite,
    take: () => {
      if (suggestion?.status !== "done") return;
      const after = suggestion.what === "reply" ? added(reply, uncited(suggestion.text)) : suggestion.text;
      setReplaced(suggestion.what === "reply" ? null : { before: reply, after });
      drafts.change(id, { mode: "reply", reply: after });
      suggestions.drop(id);
    },
    again: () => {
      if (suggestion === null || suggestion.what === "reply") suggest();
      else rewrite(suggestion.what);
    },
    drop: () => {
      suggestions.drop(id);
    },
    undo:
      replaced?.after === reply
        ? () => {
            drafts.change(id, { mode: "reply", reply: replaced.before });
            setReplaced(null);
          }
        : null,
  };
}

/** What was begun is kept; the agent sees both and makes one of them. */
export function added(before: string, text: string): string {
  return before.trim() === "" ? text : `${before.trimEnd()}\n\n${text}`;
}

/** Without the marks of sources, which the visitor would not see. */
export function uncited(text: string): string {
  return text.replace(/ *\[\d{1,2}\](?!\()/g, "").trim();
}
