import { Icon, icons, type Outline } from "@havana/ui";
import { Refused, type ConversationSnapshot } from "@havana/protocol";
import { useState } from "preact/hooks";

import type { Chat } from "./chat";
import type { Site } from "./site";
import { useStore } from "./useStore";
import { words } from "./words";

/** The two offers that always stand: a person, and a call. */
export function Offers({ chat, site }: { chat: Chat; site: Site }) {
  const view = useStore(chat.conversation);
  const [problem, setProblem] = useState<string | null>(null);
  const why = whyNoPerson(view);
  const isCalling = view.pending.some((request) => request.do === "offer_call");
  const press = (name: "request_human" | "offer_call") => {
    setProblem(null);
    chat.conversation.command(name).catch((error: unknown) => {
      setProblem(error instanceof Refused ? error.message : words.stopped.refused);
    });
  };
  return (
    <div class="pb-1">
      {problem === null ? null : (
        <p role="alert" class="px-1 pb-1 text-sm leading-5 text-waiting">
          {problem}
        </p>
      )}
      <div class="flex flex-wrap items-center gap-x-1">
        <Offer icon={icons.person} why={why} onPress={() => { press("request_human"); }}>
          {words.person}
        </Offer>
        {site.call ? (
          <Offer icon={icons.calendar} why={isCalling ? "" : null} onPress={() => { press("offer_call"); }}>
            {words.call}
          </Offer>
        ) : null}
        {why === null ? null : (
          <span id="why-no-person" class="truncate px-2 pb-1 text-sm leading-5 text-ink-soft max-sm:basis-full sm:ms-auto sm:pb-0">
            {why}
          </span>
        )}
      </div>
    </div>
  );
}

interface OfferProps {
  icon: Outline;
  /** Why it is unavailable; null if it is not. */
  why: string | null;
  onPress: () => void;
  children: string;
}

/** An unavailable offer can still be reached and asked why, so it is not `disabled`. */
function Offer({ icon, why, onPress, children }: OfferProps) {
  const isOff = why !== null;
  return (
    <button
      type="button"
      aria-disabled={isOff}
      aria-describedby={why ? "why-no-person" : undefined}
      title={why ?? undefined}
      onClick={isOff ? undefined : onPress}
      class={`inline-flex min-h-10 items-center gap-1.5 rounded-medium px-2 text-sm font-medium whitespace-nowrap transition-colors pointer-coarse:min-h-11 ${
        isOff ? "cursor-default text-ink-soft/60" : "text-ink-soft hover:bg-sunken hover:text-ink"
      }`}
    >
      <Icon outline={icon} />
      {children}
    </button>
  );
}

function whyNoPerson({ state, pending }: ConversationSnapshot): string | null {
  if (pending.some((request) => request.do === "request_human")) return words.personAsking;
  if (state.control === "pending") return words.personPending;
  if (state.control === "human") return words.personHere(state.agent?.name ?? words.control.someone);
  return null;
}
