import type { Control, ConversationSnapshot, Item, Offer } from "@havana/protocol";
import { Icon, icons } from "@havana/ui";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Chat } from "./chat";
import { Group, Thinking, TypingAgents } from "./Group";
import { Line } from "./Line";
import { isRefused, progress, rowsOf } from "./rows";
import type { Site } from "./site";
import { Skeleton } from "./Skeleton";
import { useStickToEnd } from "./useStickToEnd";
import { useStore } from "./useStore";
import { words } from "./words";

/** How near to the top older messages are asked for. */
const NEAR_TOP = 200;

/** The conversation, from its first loaded word to its latest. */
export function Thread({ chat, site }: { chat: Chat; site: Site }) {
  const view = useStore(chat.conversation);
  const connection = useStore(chat.client.connection);
  const isRefusing = useStore(chat.client.refusing);
  const { items } = view;
  const { scroller, content, isAtEnd, scrolled, toEnd } = useStickToEnd(items[0]?.id);
  const hasNew = useNews(items, isAtEnd);
  useOwnWords(items, toEnd);
  return (
    <div class="relative min-h-0 flex-1">
      <div
        ref={scroller}
        class="chat-scroll h-full overflow-y-auto"
        onScroll={({ currentTarget }) => {
          scrolled();
          if (currentTarget.scrollTop < NEAR_TOP && view.hasEarlier) void chat.conversation.earlier();
        }}
      >
        <div
          ref={content}
          role="log"
          aria-live="polite"
          aria-label={words.conversation}
          aria-busy={view.draft !== null}
          tabIndex={0}
          class="mx-auto flex min-h-full w-full max-w-3xl flex-col justify-end px-4 pt-6 pb-4 sm:px-6"
        >
          {view.status === "loading" && items.length === 0 && connection.status !== "stopped" ? <Skeleton /> : null}
          {view.loadingEarlier ? <Line text={words.earlier} /> : null}
          {view.hasEarlier || view.status === "loading" ? null : <Line text={words.isAssistant} />}
          <Rows view={view} chat={chat} site={site} />
          {connection.status === "ready" && !isRefusing && isAwaitingAnswer(view) ? <Thinking name={site.assistant} /> : null}
          <TypingAgents authors={view.typing.filter(({ role }) => role === "agent")} />
        </div>
      </div>
      {isAtEnd ? null : <ToEnd hasNew={hasNew} onPress={toEnd} />}
    </div>
  );
}

/** What can be taken up while who is in charge. */
const OPEN: Partial<Record<Control, readonly Offer[]>> = {
  ai: ["leave_contact", "request_human", "keep_going"],
  pending: ["leave_contact", "withdraw_request"],
};

function Rows({ view, chat, site }: { view: ConversationSnapshot; chat: Chat; site: Site }) {
  const offers = OPEN[view.state.control] ?? [];
  const how = progress(view.items, view.read);
  const rows = rowsOf(view.items, offers, new Date(chat.client.now()));
  return (
    <>
      {rows.map((row) => {
        switch (row.kind) {
          case "day":
            return <Day key={row.id} label={row.label} />;
          case "line":
            return <Line key={row.id} text={row.text} at={row.at} offers={row.offers} chat={chat} />;
          case "group":
            return <Group key={row.id} row={row} chat={chat} assistant={site.assistant} progress={how} />;
        }
      })}
    </>
  );
}

function ToEnd({ hasNew, onPress }: { hasNew: boolean; onPress: () => void }) {
  const look = hasNew ? "px-4 text-palm" : "w-11 justify-center text-ink-soft";
  return (
    <div class="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <button
        type="button"
        aria-label={hasNew ? undefined : words.toEnd}
        onClick={onPress}
        class={`hv-appear pointer-events-auto inline-flex h-11 items-center gap-2 rounded-full border border-line bg-raised text-sm font-medium shadow-raised hover:bg-sunken ${look}`}
      >
        <Icon outline={icons.down} />
        {hasNew ? words.newMessages : null}
      </button>
    </div>
  );
}

function Day({ label }: { label: string }) {
  return (
    <p class="mt-6 text-center text-xs leading-4 font-medium text-ink-soft">{label}</p>
  );
}

/** Whether the assistant has our words (or is about to) and has not begun to answer. */
function isAwaitingAnswer({ state, items }: ConversationSnapshot): boolean {
  const last = items.findLast((item) => (item.kind === "message" || item.kind === "answer") && !isRefused(item));
  const isOurs = last?.kind === "message" && last.author.role === "visitor";
  return (state.control === "ai" || state.control === "closed") && state.open_answer === null && isOurs;
}

/** Whether something came since the reader left the end. */
function useNews(items: readonly Item[], isAtEnd: boolean): boolean {
  const last = items.at(-1)?.id;
  const [seen, setSeen] = useState(last);
  useEffect(() => {
    if (isAtEnd) setSeen(last);
  }, [isAtEnd, last]);
  return !isAtEnd && last !== seen;
}

/** Whoever says something wants to see it. */
function useOwnWords(items: readonly Item[], toEnd: () => void): void {
  const last = items.at(-1);
  const own = last?.kind === "message" && last.author.role === "visitor" ? last.id : null;
  const before = useRef(own);
  useEffect(() => {
    if (own !== null && own !== before.current) toEnd();
    before.current = own;
  }, [own, toEnd]);
}
