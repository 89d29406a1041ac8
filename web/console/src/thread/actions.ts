import { Refused, type Person, type State } from "@havana/protocol";

import type { SignedIn } from "../session/session";
import { words } from "../words";

export type Action = "claim" | "take_from" | "hand_back" | "return_to_queue" | "close" | "reopen";

/** How many actions stand as buttons; the others are in the menu. */
export const IN_SIGHT = 2;

/** The next sensible actions, the first being the one to expect. */
export function actionsFor(state: State, me: SignedIn): Action[] {
  switch (state.control) {
    case "ai":
      return ["claim", "close"];
    case "pending":
      return ["claim", "close", "hand_back"];
    case "human":
      if (isMine(state, me)) return ["hand_back", "close", "return_to_queue"];
      return me.role === "admin" ? ["take_from", "close", "hand_back", "return_to_queue"] : [];
    case "closed":
      return ["reopen"];
  }
}

/** Whether we may give this conversation to a colleague: the holder and admins may. */
export function mayTransfer(state: State, me: SignedIn): boolean {
  return state.control === "human" && (isMine(state, me) || me.role === "admin");
}

/** Whether we may have this wait for a team: anybody may who waits, and whoever may give it to a colleague. */
export function mayRoute(state: State, me: SignedIn): boolean {
  return state.control === "pending" || mayTransfer(state, me);
}

export function isMine(state: State, me: SignedIn): boolean {
  return state.control === "human" && state.agent?.id === me.id;
}

/** The colleague who holds this, or null. */
export function heldByOther(state: State, me: SignedIn): Person | null {
  return state.control === "human" && state.agent?.id !== me.id ? state.agent : null;
}

/** Who is in charge, in words; `team` is the name of the one that it waits for, if it does. */
export function holderLine(state: State, me: SignedIn, team?: string): string {
  switch (state.control) {
    case "ai":
      return words.holder.ai;
    case "pending":
      return team === undefined ? words.holder.pending : words.holder.pendingFor(team);
    case "human":
      return isMine(state, me) ? words.holder.mine : words.holder.other(state.agent?.name ?? words.someone);
    case "closed":
      return words.holder.closed;
  }
}

/** What a refusal means, in words: above all who was faster. */
export function explainRefusal(error: unknown): string {
  const say = words.refused;
  if (!(error instanceof Refused)) return say.other;
  switch (error.code) {
    case "already_claimed":
      return error.state?.agent ? say.taken(error.state.agent.name) : say.takenBySomeone;
    case "closed":
      return say.closed;
    case "stale":
      return error.message || say.stale;
    case "offline":
    case "lost":
      return say.offline;
    case "forbidden":
      return say.forbidden;
    case "rate":
    case "busy":
      return say.rate;
    default:
      return error.message || say.other;
  }
}
