import { Avatar, Button, Logo, StateMark } from "@havana/ui";
import type { State } from "@havana/protocol";

import type { Chat } from "./chat";
import { toComposer } from "./Composer";
import type { Site } from "./site";
import { useStore } from "./useStore";
import { words } from "./words";

/** Whose chat this is, and who is in charge of it right now. */
export function Header({ site, chat }: { site: Site; chat: Chat }) {
  const { state, pending } = useStore(chat.conversation);
  const isLeaving = pending.some((request) => request.do === "withdraw_request");
  return (
    <header class="z-10 border-b border-line bg-surface">
      <div class="mx-auto flex min-h-16 w-full max-w-3xl flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2 sm:px-6">
        <Face state={state} />
        <div class="min-w-0 flex-1">
          <h1 class="truncate leading-6 font-semibold">{site.name}</h1>
          <p class="flex text-sm leading-5" role="status">
            <StateMark control={state.control} label={inCharge(state, site)} />
          </p>
        </div>
        {state.control === "pending" ? (
          <Button
            className="text-sm max-sm:basis-full"
            disabled={isLeaving}
            onClick={() => {
              void chat.conversation.command("withdraw_request").catch(() => undefined);
              toComposer();
            }}
          >
            {words.offers.withdraw_request}
          </Button>
        ) : null}
      </div>
    </header>
  );
}

/** The site's sign, and at its corner the person who has joined. */
function Face({ state: { control, agent } }: { state: State }) {
  return (
    <span class="relative">
      <Logo size={40} />
      {control === "human" ? (
        <span class="hv-appear absolute -end-1.5 -bottom-1.5 grid rounded-full bg-surface p-0.5">
          <Avatar role="agent" name={agent?.name ?? ""} size={24} />
        </span>
      ) : null}
    </span>
  );
}

function inCharge({ control, agent }: State, site: Site): string {
  switch (control) {
    case "ai":
      return site.assistant;
    case "pending":
      return words.control.pending;
    case "human":
      return agent === null ? words.control.someone : words.control.human(agent.name);
    case "closed":
      return words.control.closed;
  }
}
