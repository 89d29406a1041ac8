import type { ContextsStore, Store } from "./api";
import type { ContextPush } from "./frames.gen";
import { Cell } from "./store";

/** Who visitors are and where, as the pushes bring it: each says all of it. */
export class Contexts implements ContextsStore {
  readonly #cells = new Map<string, Cell<ContextPush | null>>();

  at(conversation: string): Store<ContextPush | null> {
    return this.#cell(conversation);
  }

  push(told: ContextPush): void {
    this.#cell(told.conversation).set(told);
  }

  /** Nobody tells us any more who leaves. */
  lost(): void {
    for (const cell of this.#cells.values()) {
      const told = cell.getSnapshot();
      if (told?.here === true) cell.set({ ...told, here: false });
    }
  }

  #cell(conversation: string): Cell<ContextPush | null> {
    const known = this.#cells.get(conversation) ?? new Cell<ContextPush | null>(null);
    this.#cells.set(conversation, known);
    return known;
  }
}
