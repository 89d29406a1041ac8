import type { State } from "@havana/protocol";
import type { RefObject } from "react";

import type { ComposerHandle } from "../composer/Composer";
import { useLive } from "../shell/live";
import { useShortcuts } from "../shell/useShortcuts";
import { actionsFor, isMine, type Action } from "./actions";

/** The keys of the conversation that is open: take over, reply, note, suggest, close, hand back. */
export function useThreadKeys(state: State, composer: RefObject<ComposerHandle | null>, onAction: (action: Action) => void): void {
  const { me } = useLive();
  // Only those that do something: whoever lists them shows no others.
  const possible = actionsFor(state, me);
  const act = (key: string, action: Action) => (possible.includes(action) ? { [key]: () => onAction(action) } : {});
  const write = (mode: "reply" | "note") => (event: KeyboardEvent) => {
    // Or the letter would be typed into the field that it opens.
    event.preventDefault();
    composer.current?.focus(mode);
  };
  useShortcuts({
    ...act("c", "claim"),
    ...act("e", "close"),
    ...act("h", "hand_back"),
    r: write("reply"),
    n: write("note"),
    ...(isMine(state, me) ? { s: () => composer.current?.suggest() } : {}),
  });
}
