import type { Store } from "@havana/protocol";

export type Mode = "reply" | "note";

/** What somebody has begun to write in one conversation. A reply and a note are kept apart. */
export interface Draft {
  mode: Mode;
  reply: string;
  note: string;
}

const EMPTY: Draft = { mode: "reply", reply: "", note: "" };

/** The unsent words of each conversation, so that looking at another one loses nothing. */
export class Drafts {
  private readonly byConversation = new Map<string, Draft>();
  private owner: string | null = null;
  private readonly listeners = new Set<() => void>();

  of(conversation: string): Store<Draft> {
    return {
      getSnapshot: () => this.byConversation.get(conversation) ?? EMPTY,
      subscribe: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    };
  }

  change(conversation: string, change: Partial<Draft>): void {
    const next = { ...(this.byConversation.get(conversation) ?? EMPTY), ...change };
    if (next.reply === "" && next.note === "" && next.mode === "reply") this.byConversation.delete(conversation);
    else this.byConversation.set(conversation, next);
    for (const listener of this.listeners) listener();
  }

  /** A session that ended keeps its words for the same agent; another one on this machine must not see them. */
  belongTo(agent: string): void {
    if (this.owner !== agent) this.byConversation.clear();
    this.owner = agent;
  }

  /** Whether the words typed so far would be lost by leaving the page. */
  get unsent(): boolean {
    return [...this.byConversation.values()].some(({ reply, note }) => (reply + note).trim() !== "");
  }
}

/** Unsent words live as long as the page does. */
export const drafts = new Drafts();
