import type { ConversationStore } from "@havana/protocol";

/**
 * What was said and is not stored by the server yet, or was refused by it.
 *
 * It stands in the thread and lives as long as the page: put back into the field, it could be said twice.
 */
export class Underway {
  readonly #said = new Map<ConversationStore, number>();

  /** Remembers that this is on its way; answers with the same promise. */
  watch<T>(store: ConversationStore, said: Promise<T>): Promise<T> {
    this.#said.set(store, (this.#said.get(store) ?? 0) + 1);
    const settle = () => {
      const others = (this.#said.get(store) ?? 1) - 1;
      const refused = store.getSnapshot().pending.some(({ status }) => status === "refused");
      if (others > 0 || refused) this.#said.set(store, others);
      else this.#said.delete(store);
    };
    said.then(settle, settle);
    return said;
  }

  /** Whether leaving the page would lose any of it. */
  get unsent(): boolean {
    return [...this.#said.keys()].some((store) => store.getSnapshot().pending.some(({ status }) => status !== "sent"));
  }
}

export const underway = new Underway();
