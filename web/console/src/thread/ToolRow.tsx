import type { ConversationStore, State } from "@havana/protocol";
import { Button, clockTime, elapsed, fullTime, Icon, icons } from "@havana/ui";
import { useState, type ReactNode } from "react";

import { useLive } from "../shell/live";
import { useSecond } from "../shell/useTick";
import { words } from "../words";
import { heldByOther } from "./actions";
import { toolLine } from "./lines";
import { isWaiting, type ToolCall, type ToolItem } from "./toolCalls";
import type { Act } from "./useActing";

interface Deciding {
  store: ConversationStore;
  state: State;
  /** The visitor for whom it would be done. */
  name: string;
  act: Act;
}

/** A call of a tool: a card while it waits for us, then a thin line that opens. */
export function ToolRow({ item, ...deciding }: Deciding & { item: ToolItem }) {
  return isWaiting(item.call) ? <ApprovalCard item={item} {...deciding} /> : <ToolLine item={item} />;
}

function ApprovalCard({ item: { id, call }, store, state, name, act }: Deciding & { item: ToolItem }) {
  const { me } = useLive();
  const [busy, setBusy] = useState(false);
  const holder = me.role === "admin" ? null : heldByOther(state, me);
  const decide = async (decision: "allow" | "refuse") => {
    setBusy(true);
    await act(() => store.command(decision, { call: call.id }));
    setBusy(false);
  };
  return (
    <section
      data-item={id}
      data-fact="approval"
      aria-label={words.tool.label(call.tool)}
      className="hv-appear mx-auto mt-4 w-full max-w-lg rounded-medium border border-note-line bg-note text-[13px]/5 text-note-ink"
    >
      <header className="flex flex-wrap items-center gap-x-2 px-3.5 pt-2.5">
        <Icon outline={icons.lock} label={words.message.note} />
        <h3 className="min-w-0 flex-1 font-medium">{words.tool.asks}</h3>
        {call.until === null ? null : <TimeLeft until={call.until} />}
      </header>
      <div className="px-3.5 pt-1.5 pb-2.5 [overflow-wrap:anywhere]">
        <p>
          <bdi className="font-medium">{call.tool}</bdi> {words.tool.forVisitor} <bdi>{name}</bdi>
        </p>
        <Arguments call={call} />
      </div>
      <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-note-line px-3.5 py-2.5">
        {holder ? (
          <p>{words.tool.holderDecides(holder.name)}</p>
        ) : (
          <>
            <Button disabled={busy} onClick={() => void decide("refuse")}>
              {words.tool.refuse}
            </Button>
            <Button look="primary" disabled={busy} onClick={() => void decide("allow")}>
              {words.tool.allow}
            </Button>
          </>
        )}
      </footer>
    </section>
  );
}

function TimeLeft({ until }: { until: string }) {
  const { client } = useLive();
  useSecond();
  return (
    <time dateTime={until} title={fullTime(until)} className="shrink-0 font-medium text-waiting tabular-nums">
      {words.tool.left(elapsed(new Date(client.now()), new Date(until)))}
    </time>
  );
}

/** What goes out, word for word: an agent must be able to read what they allow. */
function Arguments({ call }: { call: ToolCall }) {
  const given = Object.entries(call.arguments);
  if (call.redacted) return <p>{words.message.removed}</p>;
  if (given.length === 0) return <p>{words.tool.nothingSent}</p>;
  return (
    <dl className="mt-1.5 grid grid-cols-[minmax(0,max-content)_minmax(0,1fr)] gap-x-3 gap-y-0.5">
      {given.map(([name, value]) => (
        <Row key={name} name={name}>
          {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
        </Row>
      ))}
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt dir="auto" className="max-w-40 opacity-80">
        {name}
      </dt>
      <dd dir="auto" className="font-medium whitespace-pre-wrap">
        {children}
      </dd>
    </>
  );
}

function ToolLine({ item: { id, at, call } }: { item: ToolItem }) {
  const when = call.decision?.at ?? at;
  return (
    <details
      data-item={id}
      data-fact="tool"
      className="group mx-auto mt-4 w-full max-w-lg text-[13px]/5 text-ink-soft [overflow-wrap:anywhere]"
    >
      <summary className="mx-auto flex min-h-10 w-fit cursor-pointer list-none items-center gap-1.5 rounded-small px-2 text-center hover:text-ink [&::-webkit-details-marker]:hidden">
        <Icon outline={call.outcome === "unknown" ? icons.warning : call.decision?.allowed === false ? icons.block : icons.external} />
        <span className={`min-w-0 ${call.outcome === "unknown" ? "font-medium text-waiting" : ""}`}>
          <bdi>{toolLine(call)}</bdi> ·{" "}
          <time dateTime={when} title={fullTime(when)} className="tabular-nums">
            {clockTime(when)}
          </time>
        </span>
        <Icon outline={icons.chevron} className="transition-transform group-open:rotate-180" />
      </summary>
      <div className="mt-1 rounded-medium border border-note-line bg-note px-3.5 py-2.5 text-start text-note-ink">
        <p className="flex items-center gap-2">
          <Icon outline={icons.lock} label={words.message.note} />
          <bdi className="font-medium">{call.tool}</bdi>
        </p>
        <Arguments call={call} />
        {call.result ? (
          <p dir="auto" className="mt-2 max-h-60 overflow-y-auto border-t border-note-line pt-2 whitespace-pre-wrap" tabIndex={0}>
            {call.result}
          </p>
        ) : null}
      </div>
    </details>
  );
}
