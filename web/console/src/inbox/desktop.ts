import type { Summary } from "@havana/protocol";

import { navigate } from "../shell/route";
import { words } from "../words";

interface Shown {
  close: () => void;
}

/** One notification for everybody who begins to wait, which goes when they wait no longer. */
export class Announcements {
  readonly #open: (summary: Summary) => Shown | null;
  readonly #known = new Map<string, Shown | null>();

  /** `open` shows one, or nothing. */
  constructor(open: (summary: Summary) => Shown | null) {
    this.#open = open;
  }

  /** `wanted` counts for whoever is new: nobody is made up for later. */
  look(waiting: readonly Summary[], wanted: boolean): void {
    const ids = new Set(waiting.map(({ conversation }) => conversation));
    for (const [id, shown] of this.#known) {
      if (ids.has(id)) continue;
      shown?.close();
      this.#known.delete(id);
    }
    for (const summary of waiting) {
      if (!this.#known.has(summary.conversation)) this.#known.set(summary.conversation, wanted ? this.#open(summary) : null);
    }
  }

  end(): void {
    this.look([], false);
  }
}

/**
 * Shows who waits and their last words; a click leads there. Not to somebody who looks at the page anyway.
 *
 * All tabs show the same one: the tag makes each take the place of the others'.
 */
export function openNotification({ conversation, visitor, preview }: Summary): Shown | null {
  if (permission() !== "granted" || document.hasFocus()) return null;
  try {
    const shown = new Notification(words.inbox.waits(visitor.name || words.someone), {
      body: preview,
      tag: `havana-${conversation}`,
      requireInteraction: true,
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
