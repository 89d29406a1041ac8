/**
 * What the browser keeps: nothing before the visitor says something, and nothing at all where it may not.
 *
 * A browser that forbids storage throws on every touch; the chat then works until the page is left.
 */
export class Kept {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  read(): string | null {
    try {
      return localStorage.getItem(this.#name);
    } catch {
      return null;
    }
  }

  write(value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(this.#name);
      else localStorage.setItem(this.#name, value);
    } catch {
      // Kept in memory only.
    }
  }

  /** Tells when another tab writes it; returns how to stop that. */
  onElsewhere(listener: (value: string | null) => void): () => void {
    const changed = (event: StorageEvent) => {
      if (event.key === this.#name) listener(event.newValue);
    };
    window.addEventListener("storage", changed);
    return () => {
      window.removeEventListener("storage", changed);
    };
  }
}
