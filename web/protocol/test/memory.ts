import type { Kept, OutboxStorage, Reader } from "../src/outbox";

/** What outlives the page in a test. */
export class MemoryStorage implements OutboxStorage {
  kept: readonly Kept[] = [];

  load(reader: Reader): Promise<void> {
    reader.found(this.kept);
    return Promise.resolve();
  }

  keep(kept: Kept): void {
    this.kept = [...this.kept.filter(({ key }) => key !== kept.key), kept];
  }

  drop(key: string): void {
    this.kept = this.kept.filter((one) => one.key !== key);
  }
}

/** A storage that is stuck. */
export class SilentStorage extends MemoryStorage {
  override load(): Promise<void> {
    return new Promise(() => undefined);
  }
}
