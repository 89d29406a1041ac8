import { fullTime, clockTime } from "@havana/ui";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import type { Chat } from "./chat";
import { ContactForm } from "./ContactForm";
import { words } from "./words";

interface LineProps {
  text: string;
  at?: string;
  offers?: readonly string[];
  chat?: Chat;
}

/** What happened, between what was said; below it what can be done about it. */
export function Line({ text, at, offers = [], chat }: LineProps) {
  return (
    <div class="mt-4 flex flex-col items-center gap-3 px-2 text-center text-sm leading-5 text-balance text-ink-soft">
      <p class="max-w-prose" dir="auto">
        {unbroken(text)}
        {at === undefined ? null : (
          <time dateTime={at} title={fullTime(at)} class="whitespace-nowrap tabular-nums">
            {" · "}
            {clockTime(at)}
          </time>
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

function LineOffers({ offers, chat }: { offers: readonly string[]; chat: Chat }) {
  const [isWriting, setWriting] = useState(false);
  if (isWriting) {
    return (
      <ContactForm
        chat={chat}
        onDone={() => {
          setWriting(false);
        }}
      />
    );
  }
  const look =
    "min-h-11 rounded-medium border border-line bg-surface px-4 font-medium text-ink transition-colors hover:border-palm hover:bg-palm-soft";
  return (
    <div class="flex flex-wrap justify-center gap-2">
      {offers.includes("leave_contact") ? (
        <button type="button" class={look} onClick={() => setWriting(true)}>
          {words.leaveContact}
        </button>
      ) : null}
      {offers.includes("withdraw_request") ? (
        <button type="button" class={look} onClick={() => void chat.conversation.command("withdraw_request").catch(() => undefined)}>
          {words.goOn}
        </button>
      ) : null}
    </div>
  );
}
