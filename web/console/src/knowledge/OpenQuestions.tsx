import type { Event } from "@havana/protocol";
import { createContext, useContext, useMemo, type ReactNode } from "react";

import { RouteLink } from "../shell/RouteLink";
import { words } from "../words";
import { useOpenIn } from "./knowledge";

const OpenContext = createContext<ReadonlyMap<string, string>>(new Map());

interface OpenQuestionsProps {
  conversation: string;
  events: readonly Event[];
  children: ReactNode;
}

/** Tells the thread below which of its answers no article bears out. */
export function OpenQuestions({ conversation, events, children }: OpenQuestionsProps) {
  const latest = useMemo(() => lastLookedUp(events), [events]);
  return <OpenContext value={useOpenIn(conversation, latest)}>{children}</OpenContext>;
}

/** Under an answer that no article bears out: says so, with the way to write it. */
export function NoArticle({ answer }: { answer: string }) {
  const question = useContext(OpenContext).get(answer);
  if (question === undefined) return null;
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-2 px-1 text-xs/4 text-ink-soft">
      {words.knowledge.noArticleAnswers}
      <RouteLink
        to={{ page: "unanswered", question }}
        className="inline-flex min-h-8 items-center rounded-small font-medium text-ink underline underline-offset-2 hover:decoration-2 pointer-coarse:min-h-11"
      >
        {words.knowledge.write}
      </RouteLink>
    </p>
  );
}

/** The latest answer for which something was looked up: until there is one, nobody need ask the server. */
function lastLookedUp(events: readonly Event[]): string | null {
  const found = events.findLast((event) => event.kind === "answer_finished" && typeof event.sureness === "number");
  return found?.id ?? null;
}
