import type { State } from "@havana/protocol";

import type { SignedIn } from "../session/session";
import { heldByOther } from "../thread/actions";
import { words } from "../words";

/** What a reply would do besides being said, and whether it may be said at all. */
export function replyHint(state: State, me: SignedIn): { text: string | null; allowed: boolean } {
  const say = words.composer;
  const other = heldByOther(state, me);
  if (other) return { text: me.role === "admin" ? say.heldAdmin : say.held(other.name), allowed: false };
  switch (state.control) {
    case "ai":
    case "pending":
      return { text: say.takesOver, allowed: true };
    case "closed":
      return { text: say.reopens, allowed: true };
    case "human":
      return { text: null, allowed: true };
  }
}
