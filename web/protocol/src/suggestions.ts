import type { Client, Store, Suggestion, SuggestionsStore } from "./api";
import { Refused } from "./errors";
import type { SuggestionPush } from "./frames.gen";
import { Cell } from "./store";
import { codePoints } from "./text";

interface Entry {
  readonly cell: Cell<Suggestion | null>;
  /** Of whose command the words are; those of an earlier one, which may still come in, are not wanted any more. */
  request: number;
}

/** What is written for the agent, by conversation, as the pushes bring it. */
export class Suggestions implements SuggestionsStore {
  readonly #client: Pick<Client, "command">;
  readonly #entries = new Map<string, Entry>();

  constructor(client: Pick<Client, "command">) {
    this.#client = client;
  }

  of(conversation: string): Store<Suggestion | null> {
    return this.#entry(conversation).cell;
  }

  suggest(conversation: string): void {
    this.#begin(conversation, "reply", () => this.#client.command("suggest", { conversation }));
  }

  rewrite(conversation: string, text: string, how: "shorter" | "friendlier"): void {
    this.#begin(conversation, how, () => this.#client.command("rewrite", { conversation, text, how }));
  }

  drop(conversation: string): void {
    const { cell } = this.#entry(conversation);
    if (cell.getSnapshot()?.status === "writing") {
      this.#client.command("drop_suggestion", { conversation }).catch(() => undefined);
    }
    cell.set(null);
  }

  push({ conversation, request, offset, text, done, sources, error }: SuggestionPush): void {
    const entry = this.#entry(conversation);
    const now = entry.cell.getSnapshot();
    if (now?.status !== "writing" || request < entry.request) return;
    const before = request === entry.request ? now.text : "";
    entry.request = request;
    if (error !== null) this.#fail(entry.cell, Refused.from(error));
    else if (done) entry.cell.set({ ...now, status: "done", text, sources });
    // A piece that continues something else was lost on the way with what it continues: the last one has all of it.
    else if (offset === codePoints(before)) entry.cell.set({ ...now, text: before + text });
  }

  /** The connection is gone, and what was being written for it with it. */
  lost(): void {
    for (const { cell } of this.#entries.values()) {
      if (cell.getSnapshot()?.status === "writing") {
        this.#fail(cell, new Refused("lost", "The connection was lost before it was written."));
      }
    }
  }

  #begin(conversation: string, what: Suggestion["what"], send: () => Promise<unknown>): void {
    const { cell } = this.#entry(conversation);
    const begun: Suggestion = { what, status: "writing", text: "", sources: [], error: null };
    cell.set(begun);
    send().catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      const now = cell.getSnapshot();
      // Unless something else was asked for meanwhile.
      if (now === begun) this.#fail(cell, error);
    });
  }

  #fail(cell: Entry["cell"], error: Refused): void {
    const now = cell.getSnapshot();
    if (now !== null) cell.set({ ...now, status: "failed", error });
  }

  #entry(conversation: string): Entry {
    const known = this.#entries.get(conversation) ?? { cell: new Cell<Suggestion | null>(null), request: 0 };
    this.#entries.set(conversation, known);
    return known;
  }
}
