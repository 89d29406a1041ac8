import type { Draft } from "./drafts";

/** A draft and when it was last changed, in ms since the epoch. */
export interface Kept extends Draft {
  readonly at: number;
}

/** Whose draft of which conversation another tab has changed: null if it was sent, emptied or wiped. */
export type OnChange = (conversation: string, draft: Kept | null, was: Kept | null) => void;

/** How long words that nobody sent are kept. What is older is no answer to anything any more. */
export const KEPT_MS = 14 * 24 * 60 * 60 * 1000;
/** Drafts of one agent; the oldest go first. With `LONGEST` they stay well within what a browser grants a site. */
export const MOST = 50;
/** Letters of a draft. A longer one lives as long as the page, which says so when it is left. */
export const LONGEST = 20_000;

const PREFIX = "havana.draft/";

/**
 * The unsent words of one agent at a time, where they outlive the page.
 *
 * Each conversation has a key of its own, so that two tabs write beside each other and not over each other. Only one
 * agent's are ever there: whoever signs in on this machine does not find another one's words, on no page and in no tool.
 */
export class KeptDrafts {
  readonly #storage: () => Storage;
  readonly #now: () => number;

  /** The storage is asked for late: where it is forbidden, even asking throws. */
  constructor(storage: () => Storage = () => localStorage, now: () => number = Date.now) {
    this.#storage = storage;
    this.#now = now;
  }

  /** What this agent has left. Everybody else's goes, and what is too old, too much or unreadable. */
  take(agent: string): Map<string, Kept> {
    const found = new Map<string, Kept>();
    try {
      const mine = prefixOf(agent);
      for (const key of this.#keys()) {
        const draft = key.startsWith(mine) ? read(this.#storage().getItem(key)) : null;
        if (draft && draft.at > this.#now() - KEPT_MS) found.set(conversationIn(key), draft);
        else this.#storage().removeItem(key);
      }
      for (const [conversation] of [...found].sort(([, a], [, b]) => b.at - a.at).slice(MOST)) {
        found.delete(conversation);
        this.#storage().removeItem(mine + encodeURIComponent(conversation));
      }
    } catch {
      // Private windows may refuse; drafts then live as long as the page.
    }
    return found;
  }

  /** Whether it is kept now, in place of what was; with null, nothing is. */
  keep(agent: string, conversation: string, draft: Kept | null): boolean {
    const key = prefixOf(agent) + encodeURIComponent(conversation);
    if (draft !== null && draft.reply.length + draft.note.length <= LONGEST && this.#stores(key, draft)) return true;
    try {
      // What cannot be kept must not leave an older state of itself behind.
      this.#storage().removeItem(key);
    } catch {
      return false;
    }
    return draft === null;
  }

  /** Everybody's words are gone from this machine. */
  wipe(): void {
    try {
      for (const key of this.#keys()) this.#storage().removeItem(key);
    } catch {
      // Where nothing can be stored there is nothing.
    }
  }

  /** Tells of what other tabs do with this agent's drafts; returns the end of it. */
  listen(agent: string, onChange: OnChange): () => void {
    const mine = prefixOf(agent);
    const told = ({ key, newValue, oldValue }: StorageEvent) => {
      if (key?.startsWith(mine)) onChange(conversationIn(key), read(newValue), read(oldValue));
    };
    addEventListener("storage", told);
    return () => {
      removeEventListener("storage", told);
    };
  }

  #stores(key: string, draft: Kept): boolean {
    try {
      this.#storage().setItem(key, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  #keys(): string[] {
    const storage = this.#storage();
    return Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "").filter((key) => key.startsWith(PREFIX));
  }
}

function prefixOf(agent: string): string {
  return `${PREFIX}${encodeURIComponent(agent)}/`;
}

function conversationIn(key: string): string {
  return decodeURIComponent(key.slice(key.lastIndexOf("/") + 1));
}

/** A page of another release may have stored it: what is no draft is none. */
function read(stored: string | null): Kept | null {
  if (stored === null) return null;
  try {
    const { mode, reply, note, at } = JSON.parse(stored) as Partial<Record<keyof Kept, unknown>>;
    if (typeof reply !== "string" || typeof note !== "string" || typeof at !== "number") return null;
    return { mode: mode === "note" ? "note" : "reply", reply, note, at };
  } catch {
    return null;
  }
}
