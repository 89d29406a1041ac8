import type { State } from "@havana/protocol";
import { Button, icons, type Outline } from "@havana/ui";

import { words } from "../words";
import type { Action } from "./actions";

export interface Doing {
  state: State;
  actions: Action[];
  busy: boolean;
  onAction: (action: Action) => void;
}

export const ACTION_ICON: Record<Action, Outline> = {
  claim: icons.person,
  take_from: icons.person,
  hand_back: icons.palm,
  return_to_queue: icons.queue,
  close: icons.done,
  reopen: icons.retry,
};

/** What an action is called; taking over from somebody names them. */
export function actionName(action: Action, state: State): string {
  return action === "take_from" ? words.action.take_from(state.agent?.name ?? words.someone) : words.action[action];
}

/** The next sensible actions as buttons; the one to expect stands last, where the eye and the thumb end. */
export function ActionButtons({ state, actions, busy, onAction, className }: Doing & { className: string }) {
  if (actions.length === 0) return null;
  return (
    <div className={className}>
      {actions.toReversed().map((action) => (
        <Button
          key={action}
          look={action === "claim" ? "primary" : "plain"}
          icon={ACTION_ICON[action]}
          disabled={busy}
          onClick={() => onAction(action)}
        >
          {actionName(action, state)}
        </Button>
      ))}
    </div>
  );
}
