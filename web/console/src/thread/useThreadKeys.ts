import type { State } from "@havana/protocol";
import type { RefObject } from "react";

import type { ComposerHandle } from "../composer/Composer";
import { useLive } from "../shell/live";
import { useShortcuts } from "../shell/useShortcuts";
import { actionsFor, type Action } from "./actions";

/** The keys of the conversation that is open: take over, reply, note, suggest, close, hand back. */
export function useThreadKeys(state: State, composer: RefObject<ComposerHandle | null>, onAction: (action: Action) => void): void {
  const { me } = useLive();
  const act = (action: Action) => () => {
    if (actionsFor(state, me).includes(action)) onAction(action);
  };
  const write = (mode: "reply" | "note") => (event: KeyboardEvent) => {
    // Or the letter would be typed into the field that it opens.
    event.preventDefault();
    composer.current?.focus(mode);
  };
  useShortcuts({
    c: act("claim"),
    e: act("close"),
    h: act("hand_back"),
    r: write("reply"),
    n: write("note"),
    s: () => composer.current?.suggest(),
  });
}
