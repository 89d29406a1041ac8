import type { ConversationStore, Summary } from "@havana/protocol";
import { preview, StateMark } from "@havana/ui";
import { memo, useMemo } from "react";

import { RowTime } from "../inbox/InboxRow";
import { waitingSince } from "../inbox/waiting";
import { WaitClock } from "../inbox/WaitClock";
import { useLive } from "../shell/live";
import { RouteLink } from "../shell/RouteLink";
import { useStore } from "../shell/useStore";
import { useOpened } from "../thread/useConversation";
import { words as all } from "../words";
import { lastSaid, type Said } from "./wall";
import { wall as words } from "./words";

/** More do not fit. */
const SHOWN = 4;

/** One conversation as it happens: who it is with, and its last words, those that are being written among them. */
export const Card = memo(function Card({ summary }: { summary: Summary }) {
  const { client } = useLive();
  const store = useOpened(client, summary.conversation);
  const { conversation, visitor } = summary;
  const name = visitor.name || all.someone;
  return (
    <RouteLink
      to={{ page: "inbox", conversation }}
      data-card={conversation}
      className="flex h-full min-w-0 flex-col overflow-hidden rounded-large border border-line bg-surface shadow-low transition-colors hover:border-ink-soft/40 has-data-[pace=due]:border-due has-data-[pace=over]:border-waiting"
    >
      <span className="flex items-center gap-2 border-b border-line px-3 py-2">
        <bdi className="min-w-0 flex-1 truncate font-medium">{name}</bdi>
        <Who summary={summary} />
      </span>
      <span className="flex min-h-0 flex-1 flex-col mask-t-from-80% justify-end gap-1.5 overflow-hidden px-3 py-2 text-[13px]/5">
        {store ? <Words store={store} name={name} before={preview(summary.preview)} /> : null}
      </span>
    </RouteLink>
  );
});

function Who({ summary }: { summary: Summary }) {
  const { me } = useLive();
  const { control, agent } = summary.state;
  const since = waitingSince(summary);
  if (control === "pending" && since !== null) return <WaitClock since={since} site={summary.site} />;
  if (summary.approval_until !== null) return <StateMark control="pending" label={words.approval} className="text-xs/5" />;
  if (agent) return <StateMark control={control} label={agent.id === me.id ? all.you : agent.name} className="max-w-32 text-xs/5" />;
  return <RowTime at={summary.at} />;
}

/** Until the conversation is here, what the list knows of it. */
function Words({ store, name, before }: { store: ConversationStore; name: string; before: string }) {
  const { items, status, typing } = useStore(store);
  const said = useMemo(() => lastSaid(items, SHOWN), [items]);
  if (status !== "ready") return <span dir="auto" className="line-clamp-3 text-ink-soft">{before}</span>;
  return (
    <>
      {said.map((one) => (
        <Line key={one.id} said={one} />
      ))}
      {typing.some(({ role }) => role === "visitor") ? <span className="shrink-0 text-ink-soft">{words.typing(name)}</span> : null}
    </>
  );
}

const SHAPE = "block max-w-[92%] shrink-0 rounded-medium px-2.5 py-1.5 wrap-anywhere";

const LOOK: Record<Said["who"], string> = {
  visitor: "self-start bg-sunken",
  assistant: "self-end bg-assistant-soft",
  agent: "self-end bg-person-soft",
  note: "self-end border border-note-line bg-note text-note-ink",
};

/** As text without marks: the card is one link, and nothing in it is to be pressed by itself. */
function Line({ said: { who, name, text, writing } }: { said: Said }) {
  return (
    <span className={`${SHAPE} ${LOOK[who]} ${writing ? "hv-streaming" : ""}`} data-who={who}>
      {who === "visitor" ? null : <span className="sr-only">{name}: </span>}
      <span dir="auto" className="whitespace-pre-line">
        {text === "" ? words.typing(name) : preview(text)}
      </span>
    </span>
  );
}
