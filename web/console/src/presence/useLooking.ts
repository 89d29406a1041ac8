import type { LookingStore, Writing } from "@havana/protocol";
import { useEffect, useMemo } from "react";

import { useLive } from "../shell/live";

/** After so long without a key somebody who writes only looks again. */
const RESTS_AFTER_MS = 10_000;

/**
 * Tells colleagues that this conversation is on screen, for as long as the page is in sight.
 *
 * Returns what to call with each change of what is written: a reply or a note, or null once there is nothing any more.
 */
export function useLooking(id: string): (writing: Writing | null) => void {
  const { client } = useLive();
  const sign = useMemo(() => new Sign(client.looking, id), [client, id]);

  useEffect(() => {
    const change = () => sign.tell(null);
    change();
    document.addEventListener("visibilitychange", change);
    return () => {
      document.removeEventListener("visibilitychange", change);
      sign.end();
    };
  }, [sign]);

  return sign.tell;
}

class Sign {
  readonly #looking: LookingStore;
  readonly #id: string;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(looking: LookingStore, id: string) {
    this.#looking = looking;
    this.#id = id;
  }

  readonly tell = (writing: Writing | null): void => {
    clearTimeout(this.#resting);
    if (document.visibilityState === "hidden") this.#looking.lookAway(this.#id);
    else this.#looking.look(this.#id, writing);
    if (writing !== null) this.#resting = setTimeout(this.tell, RESTS_AFTER_MS, null);
  };

  end(): void {
    clearTimeout(this.#resting);
    this.#looking.lookAway(this.#id);
  }
}
