import type { Kept, OutboxStorage, StorageListener } from "../src/outbox";

/** What outlives the page in a test. */
export class MemoryStorage implements OutboxStorage {
  kept: readonly Kept[] = [];

  load(listener: StorageListener): Promise<void> {
    listener.found(this.kept);
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
