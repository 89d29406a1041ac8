import type { Summary } from "@havana/protocol";

import { navigate } from "../shell/route";
import { words } from "../words";

interface Shown {
  close: () => void;
}

/** One notification for each conversation that begins to want the agent, which goes when it no longer does. */
export class Announcements {
  readonly #open: (summary: Summary) => Shown | null;
  readonly #known = new Map<string, Shown | null>();

  /** `open` shows one, or nothing. */
  constructor(open: (summary: Summary) => Shown | null) {
    this.#open = open;
  }

  /** `wanted` counts for whoever is new: nobody is made up for later. */
  look(wanting: readonly Summary[], wanted: boolean): void {
    const ids = new Set(wanting.map(({ conversation }) => conversation));
    for (const [id, shown] of this.#known) {
      if (ids.has(id)) continue;
      shown?.close();
      this.#known.delete(id);
    }
    for (const summary of wanting) {
      if (!this.#known.has(summary.conversation)) this.#known.set(summary.conversation, wanted ? this.#open(summary) : null);
    }
  }

  end(): void {
    this.look([], false);
  }
}

/** Who waits for the team; it stands until somebody has claimed them. */
export function showWaiting(summary: Summary): Shown | null {
  return show(summary, words.inbox.waits, true);
}

/** Who of one's own has written. */
export function showWritten(summary: Summary): Shown | null {
  return show(summary, summary.unread > 0 ? words.inbox.wrote : words.inbox.given, false);
}

/**
 * Shows who it is and their last words; a click leads there. Not to somebody who looks at the page anyway.
 *
 * All tabs show the same one: the tag makes each take the place of the others'.
 */
function show({ conversation, visitor, preview }: Summary, title: (name: string) => string, requireInteraction: boolean): Shown | null {
  if (permission() !== "granted" || document.hasFocus()) return null;
  try {
    const shown = new Notification(title(visitor.name || words.someone), {
      body: preview,
      tag: `havana-${conversation}`,
      requireInteraction,
    });
    shown.onclick = () => {
      window.focus();
      navigate({ page: "inbox", conversation });
      shown.close();
    };
    return shown;
  } catch {
    // Browsers of phones have the name, and let only service workers use it.
    return null;
  }
}

/** What the browser says of it; `unsupported` where it has none. */
export function permission(): NotificationPermission | "unsupported" {
  return "Notification" in window ? Notification.permission : "unsupported";
}
