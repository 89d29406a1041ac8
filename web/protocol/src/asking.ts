import type { Clock } from "./clock";
import { Refused } from "./errors";

/**
 * One question at a time. An answer counts only while its question stands: not after a newer one, nor after `drop`.
 * Where the server says when to ask again, the question stands until then and is asked again.
 */
export class Asking<Name extends string> {
  readonly #clock: Clock;
  #question: { readonly name: Name } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is being asked. */
  get name(): Name | null {
    return this.#question?.name ?? null;
  }

  drop(): void {
    this.#question = null;
  }

  /** The answer, or null if it does not count any more. Rejects with what no waiting helps against. */
  async ask<T>(name: Name, send: () => Promise<T>): Promise<T | null> {
    const question = (this.#question = { name });
    const stands = () => this.#question === question;
    try {
      do {
        const answer = await send().catch(refusal);
        if (!stands()) break;
        if (!(answer instanceof Refused)) return answer;
        if (answer.retryMs === null) throw answer;
        await this.#passed(answer.retryMs);
      } while (stands());
      return null;
    } finally {
      if (stands()) this.#question = null;
    }
  }

  /** Does `work` after `ms`, in which nothing else is asked; unless the question falls meanwhile. */
  later(name: Name, ms: number, work: () => void): void {
    const question = (this.#question = { name });
    void this.#passed(ms).then(() => {
      if (this.#question !== question) return;
      this.#question = null;
      work();
    });
  }

  #passed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }
}

function refusal(error: unknown): Refused {
  if (error instanceof Refused) return error;
  throw error;
}
