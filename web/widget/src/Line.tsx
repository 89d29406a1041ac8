import type { Offer } from "@havana/protocol";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import type { Chat } from "./chat";
import { toComposer } from "./Composer";
import { ContactForm } from "./ContactForm";
import { Time } from "./Time";
import { words } from "./words";

interface LineProps {
  text: string;
  at?: string;
  offers?: readonly Offer[];
  chat?: Chat;
}

/** What happened, between what was said; below it what can be done about it. */
export function Line({ text, at, offers = [], chat }: LineProps) {
  return (
    <div class="mt-4 flex flex-col items-center gap-3 px-2 text-center text-sm leading-5 text-balance text-ink-soft">
      <p class="max-w-prose" dir="auto">
        {unbroken(text)}
        {at === undefined ? null : (
          <span class="whitespace-nowrap tabular-nums">
            {" · "}
            <Time at={at} />
          </span>
        )}
      </p>
      {chat === undefined || offers.length === 0 ? null : <LineOffers offers={offers} chat={chat} />}
    </div>
  );
}

/** "e-mail" and its like stay whole: a line that ends in "e-" reads like a mistake. */
function unbroken(text: string): ComponentChildren {
  return text.split(/(\b\w{1,2}-\w+)/).map((part, i) =>
    i % 2 === 0 ? part : <span class="whitespace-nowrap">{part}</span>,
  );
}

function LineOffers({ offers, chat }: { offers: readonly Offer[]; chat: Chat }) {
  const [chosen, setChosen] = useState("");
  if (chosen === "keep_going") return null;
  if (chosen) {
    return (
      <ContactForm
        chat={chat}
        onDone={() => {
          setChosen("");
          toComposer();
        }}
      />
    );
  }
  return (
    <div class="flex flex-wrap justify-center gap-2">
      {offers.map((offer) => (
        <button
          key={offer}
          type="button"
          class="min-h-11 rounded-medium border border-line bg-surface px-4 font-medium text-ink transition-colors hover:border-palm hover:bg-palm-soft"
          onClick={() => {
            if (offer === "leave_contact" || offer === "keep_going") setChosen(offer);
            else void chat.conversation.command(offer).catch(() => undefined);
            // The button goes away, and whoever pressed it writes next.
            if (offer !== "leave_contact") toComposer();
          }}
        >
          {words.offers[offer]}
        </button>
      ))}
    </div>
  );
}
