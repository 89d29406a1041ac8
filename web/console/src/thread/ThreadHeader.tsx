import type { ConversationSnapshot, ConversationStore } from "@havana/protocol";
import { Avatar, Button, clockTime, elapsed, fullTime, StateMark, type ButtonLook, type IconName } from "@havana/ui";
import { useState } from "react";

import { useLive } from "../shell/live";
import { navigate } from "../shell/route";
import { useSecond } from "../shell/useTick";
import { words } from "../words";
import { actionsFor, heldByOther, holderLine, type Action } from "./actions";
import { MoreMenu } from "./MoreMenu";

export interface ThreadHeaderProps {
  store: ConversationStore;
  snapshot: ConversationSnapshot;
  name: string;
  waitingSince: string | null;
  act: (command: () => Promise<unknown>) => Promise<boolean>;
  onClaim: () => void;
  paneOpen: boolean;
  onPane: (open: boolean) => void;
  onBlock: () => void;
}

/** Who this is, who is in charge since when, and the next sensible actions. */
export function ThreadHeader(props: ThreadHeaderProps) {
  const { snapshot, name, paneOpen, onPane } = props;
  const { me } = useLive();
  const { state } = snapshot;
  return (
    <header className="@container shrink-0 border-b border-line bg-surface">
      <div className="flex min-h-16 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2 max-md:ps-1">
        <div className="flex min-w-48 flex-1 items-center gap-3">
          <Button
            look="quiet"
            icon="back"
            label={words.thread.back}
            className="md:hidden"
            onClick={() => {
              navigate({ page: "inbox", conversation: null });
            }}
          />
          <span className="max-md:hidden">
            <Avatar role="visitor" name={name} size={40} />
          </span>
          <div className="min-w-0">
            <h2 className="truncate text-base/5 font-semibold">
              <bdi>{name}</bdi>
            </h2>
            <p className="flex min-w-0 items-center gap-1.5 text-[13px]/5 text-ink-soft" aria-live="polite">
              <StateMark control={state.control} label={holderLine(state, me)} />
              <Since {...props} />
            </p>
          </div>
          <PaneButtons {...props} className="ms-auto @2xl:hidden" />
        </div>
        <Actions {...props} />
        <PaneButtons {...props} className="hidden @2xl:flex" paneOpen={paneOpen} onPane={onPane} />
      </div>
    </header>
  );
}

function PaneButtons({ className, ...props }: ThreadHeaderProps & { className: string }) {
  const { paneOpen, onPane } = props;
  return (
    <div className={`flex ${className}`}>
      <MoreMenu {...props} />
      <Button
        look="quiet"
        icon="pane"
        label={paneOpen ? words.action.hideVisitor : words.action.showVisitor}
        pressed={paneOpen}
        onClick={() => {
          onPane(!paneOpen);
        }}
      />
    </div>
  );
}

/** Since when it has been so: a running clock for who waits, a time for the rest. */
function Since({ snapshot, waitingSince }: ThreadHeaderProps) {
  const { state, events } = snapshot;
  const at = events.find((event) => event.seq === state.since)?.at ?? null;
  if (state.control === "pending") {
    const since = waitingSince ?? at;
    return since ? <WaitingSince since={since} /> : null;
  }
  if (!at) return null;
  return (
    <time dateTime={at} title={fullTime(at)} className="shrink-0 tabular-nums">
      {words.holder.since(clockTime(at))}
    </time>
  );
}

function WaitingSince({ since }: { since: string }) {
  const { client } = useLive();
  useSecond();
  return (
    <time dateTime={since} title={fullTime(since)} className="shrink-0 font-medium text-waiting tabular-nums">
      {elapsed(since, new Date(client.now()))}
    </time>
  );
}

const LOOK: Record<Action, { look: ButtonLook; icon: IconName }> = {
  claim: { look: "primary", icon: "person" },
  take_from: { look: "plain", icon: "person" },
  hand_back: { look: "plain", icon: "palm" },
  return_to_queue: { look: "plain", icon: "queue" },
  close: { look: "plain", icon: "done" },
  reopen: { look: "plain", icon: "retry" },
};

function Actions({ snapshot, store, act, onClaim }: ThreadHeaderProps) {
  const { me } = useLive();
  const [busy, setBusy] = useState(false);
  const run = async (action: Action) => {
    if (action === "claim") {
      onClaim();
      return;
    }
    setBusy(true);
    await act(() => (action === "take_from" ? store.command("transfer", { to: me.id }) : store.command(action)));
    setBusy(false);
  };
  const actions = actionsFor(snapshot.state, me);
  if (actions.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-2 max-md:ps-3 @max-2xl:w-full">
      {actions.toReversed().map((action) => (
        <Button key={action} {...LOOK[action]} disabled={busy} onClick={() => void run(action)}>
          {action === "take_from"
            ? words.action.take_from(heldByOther(snapshot.state, me)?.name ?? words.someone)
            : words.action[action]}
        </Button>
      ))}
    </div>
  );
}
