import type { State } from "@havana/protocol";
import type { RefObject } from "react";

import type { ComposerHandle } from "../composer/Composer";
import { useLive } from "../shell/live";
import { useShortcuts } from "../shell/useShortcuts";
import { actionsFor } from "./actions";

/** The keys of the conversation that is open: take over, reply, note, suggest. */
export function useThreadKeys(state: State, composer: RefObject<ComposerHandle | null>, onClaim: () => void): void {
  const { me } = useLive();
  const write = (mode: "reply" | "note") => (event: KeyboardEvent) => {
    // Or the letter would be typed into the field that it opens.
    event.preventDefault();
    composer.current?.focus(mode);
  };
  useShortcuts({
    c: () => {
      if (actionsFor(state, me).includes("claim")) onClaim();
    },
    r: write("reply"),
    n: write("note"),
    s: () => composer.current?.suggest(),
  });
}
