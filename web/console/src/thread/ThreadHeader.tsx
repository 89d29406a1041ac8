import type { ConversationSnapshot, Summary } from "@havana/protocol";
import { Avatar, Button, clockTime, fullTime, icons, StateMark } from "@havana/ui";
import { useState } from "react";

import { WaitedFor } from "../inbox/WaitClock";
import { Faces } from "../presence/Faces";
import { useLive } from "../shell/live";
import { navigate } from "../shell/route";
import { words } from "../words";
import { ActionButtons } from "./ActionButtons";
import { actionsFor, holderLine, IN_SIGHT, type Action } from "./actions";
import { MoreMenu } from "./MoreMenu";
import type { Receiver } from "./receiver";

interface ThreadHeaderProps {
  id: string;
  snapshot: ConversationSnapshot;
  name: string;
  waitingSince: string | null;
  /** The id of its site, where that is known. */
  site: string | null;
  onAction: (action: Action) => Promise<void>;
  paneOpen: boolean;
  onPane: (open: boolean) => void;
  /** The one that it waits for. */
  team: Summary["team"] | undefined;
  onTransfer: (to: Receiver) => void;
  onBlock: () => void;
}

/** Who this is, who is in charge since when, and the next sensible actions. */
export function ThreadHeader(props: ThreadHeaderProps) {
  const { snapshot, onAction, paneOpen, onPane, onTransfer, onBlock } = props;
  const { state } = snapshot;
  const { me } = useLive();
  const [busy, setBusy] = useState(false);
  const actions = actionsFor(state, me);
  const run = async (action: Action) => {
    setBusy(true);
    await onAction(action);
    setBusy(false);
  };
  const doing = { state, busy, onAction: (action: Action) => void run(action) };

  return (
    <header className="@container shrink-0 border-b border-line bg-surface">
      <div className="flex min-h-16 items-center gap-3 ps-4 pe-2 max-md:ps-1">
        <Button
          look="quiet"
          icon={icons.back}
          label={words.thread.back}
          className="md:hidden"
          onClick={() => navigate({ page: "inbox", conversation: null })}
        />
        <Identity {...props} />
        <Faces id={props.id} />
        <ActionButtons {...doing} actions={actions.slice(0, IN_SIGHT)} className="hidden gap-2 @2xl:flex" />
        <div className="flex shrink-0">
          <MoreMenu {...doing} team={props.team?.id ?? null} actions={actions.slice(IN_SIGHT)} onTransfer={onTransfer} onBlock={onBlock} />
          <Button
            look="quiet"
            icon={icons.pane}
            label={paneOpen ? words.action.hideVisitor : words.action.showVisitor}
            pressed={paneOpen}
            onClick={() => onPane(!paneOpen)}
          />
        </div>
      </div>
      <ActionButtons
        {...doing}
        actions={actions.slice(0, IN_SIGHT)}
        className="flex gap-2 px-3 pb-2.5 *:flex-1 *:px-2 @2xl:hidden"
      />
    </header>
  );
}

function Identity(props: ThreadHeaderProps) {
  const { me } = useLive();
  const { state } = props.snapshot;
  return (
    <>
      <span className="max-md:hidden">
        <Avatar role="visitor" name={props.name} size={40} />
      </span>
      <div className="min-w-0 flex-1">
        <h2 dir="auto" className="truncate text-left text-base/5 font-semibold">
          {props.name}
        </h2>
        <p className="flex min-w-0 items-center gap-1.5 text-[13px]/5 text-ink-soft">
          {/* Without the clock beside it, which would be read out every second. */}
          <span className="inline-flex min-w-0" aria-live="polite">
            <StateMark control={state.control} label={holderLine(state, me, props.team?.name)} />
          </span>
          <Since {...props} />
        </p>
      </div>
    </>
  );
}

/** Since when it has been so: a running clock for who waits, a time for the rest. */
function Since({ snapshot, waitingSince, site }: ThreadHeaderProps) {
  const { state, events } = snapshot;
  const at = events.find((event) => event.seq === state.since)?.at ?? null;
  if (state.control === "pending") {
    const since = waitingSince ?? at;
    return since ? <WaitedFor since={since} site={site} /> : null;
  }
  if (!at) return null;
  return (
    <time dateTime={at} title={fullTime(at)} className="shrink-0 tabular-nums @2xl:hidden @3xl:inline">
      {words.holder.since(clockTime(at))}
    </time>
  );
}
