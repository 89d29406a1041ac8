import type { Store } from "@havana/protocol";

import { KeptDrafts, type Kept } from "./keptDrafts";

export type Mode = "reply" | "note";

/** What somebody has begun to write in one conversation. A reply and a note are kept apart. */
export interface Draft {
  readonly mode: Mode;
  readonly reply: string;
  readonly note: string;
}

const EMPTY: Draft = { mode: "reply", reply: "", note: "" };

/**
 * The unsent words of each conversation, so that neither looking at another one nor a reload loses any.
 *
 * All tabs of an agent have the same ones: what changes in one is changed in the others, where they are not ahead of it.
 */
export class Drafts {
  readonly #kept: KeptDrafts;
  readonly #now: () => number;
  readonly #byConversation = new Map<string, Kept>();
  /** Those that could not be kept outside of the page. */
  readonly #unkept = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #owner: string | null = null;
  #stopListening: () => void = () => undefined;

  constructor(kept = new KeptDrafts(), now: () => number = Date.now) {
    this.#kept = kept;
    this.#now = now;
  }

  of(conversation: string): Store<Draft> {
    return {
      getSnapshot: () => this.#byConversation.get(conversation) ?? EMPTY,
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  change(conversation: string, change: Partial<Draft>): void {
    const next = { ...(this.#byConversation.get(conversation) ?? EMPTY), ...change, at: this.#now() };
    const draft = isEmpty(next) ? null : next;
    this.#set(conversation, draft);
    const isKept = this.#owner !== null && this.#kept.keep(this.#owner, conversation, draft);
    if (isKept || draft === null) this.#unkept.delete(conversation);
    else this.#unkept.add(conversation);
    this.#tell();
  }

  /** They wait for the same agent to sign in again; another one on this machine must not see them. */
  belongTo(agent: string): void {
    if (this.#owner === agent) return;
    if (this.#owner !== null) this.#forget();
    this.#owner = agent;
    for (const [conversation, draft] of this.#kept.take(agent)) this.#byConversation.set(conversation, draft);
    this.#stopListening = this.#kept.listen(agent, (...changed) => {
      this.#changedElsewhere(...changed);
    });
    this.#tell();
  }

  /** Somebody has signed out: nothing of it stays on this machine. */
  wipe(): void {
    this.#forget();
    this.#kept.wipe();
    this.#tell();
  }

  /** Whether words typed so far would be lost by leaving the page. */
  get unkept(): boolean {
    return [...this.#unkept].some((conversation) => {
      const { reply, note } = this.#byConversation.get(conversation) ?? EMPTY;
      return (reply + note).trim() !== "";
    });
  }

  #changedElsewhere(conversation: string, draft: Kept | null, was: Kept | null): void {
    const ours = this.#byConversation.get(conversation);
    // An event is old by the time it arrives: here somebody may have gone on meanwhile.
    if (ours && ours.at > (draft ?? was ?? ours).at) return;
    this.#set(conversation, draft);
    this.#unkept.delete(conversation);
    this.#tell();
  }

  #set(conversation: string, draft: Kept | null): void {
    if (draft) this.#byConversation.set(conversation, draft);
    else this.#byConversation.delete(conversation);
  }

  #forget(): void {
    this.#stopListening();
    this.#byConversation.clear();
    this.#unkept.clear();
    this.#owner = null;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function isEmpty({ mode, reply, note }: Draft): boolean {
  return reply === "" && note === "" && mode === "reply";
}

export const drafts = new Drafts();
