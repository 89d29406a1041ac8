import type { Client, LookingStore, Store } from "./api";
import type { Author, Looker, LookingPush, Writing } from "./frames.gen";
import { Cell } from "./store";

const NOBODY: readonly Looker[] = [];

/** Which colleagues have a conversation on screen, as the pushes bring it; and what we tell them of ourselves. */
export class Looking implements LookingStore {
  readonly #client: Pick<Client, "command">;
  readonly #you: () => Author | null;
  readonly #cells = new Map<string, Cell<readonly Looker[]>>();
  /** What we have on screen, and write there. */
  readonly #ours = new Map<string, Writing | null>();

  constructor(client: Pick<Client, "command">, you: () => Author | null) {
    this.#client = client;
    this.#you = you;
  }

  at(conversation: string): Store<readonly Looker[]> {
    return this.#cell(conversation);
  }

  look(conversation: string, writing: Writing | null): void {
    if (this.#ours.get(conversation) === writing) return;
    this.#ours.set(conversation, writing);
    this.#tell(conversation, writing);
  }

  lookAway(conversation: string): void {
    if (!this.#ours.delete(conversation)) return;
    this.#cell(conversation).set(NOBODY);
    this.#client.command("look_away", { conversation }).catch(() => undefined);
  }

  /** We are in the list, too, once for all our screens; nobody needs to be shown themselves. */
  push({ conversation, agents }: LookingPush): void {
    const you = this.#you()?.id;
    this.#cell(conversation).set(agents.filter(({ id }) => id !== you));
  }

  /** A new connection: the server knows nothing of this screen yet. */
  connected(): void {
    for (const [conversation, writing] of this.#ours) this.#tell(conversation, writing);
  }

  /** Nobody tells us any more who is there. */
  lost(): void {
    for (const cell of this.#cells.values()) cell.set(NOBODY);
  }

  /** One that gets lost, or that an older server does not know, costs a face and nothing else. */
  #tell(conversation: string, writing: Writing | null): void {
    this.#client.command("look", writing === null ? { conversation } : { conversation, writing }).catch(() => undefined);
  }

  #cell(conversation: string): Cell<readonly Looker[]> {
    const known = this.#cells.get(conversation) ?? new Cell<readonly Looker[]>(NOBODY);
    this.#cells.set(conversation, known);
    return known;
  }
}
