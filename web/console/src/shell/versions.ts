import { RestRefused } from "./rest";

/** Somebody else came first, and nothing was done. `newest` is what it says now, null if it was deleted. */
export class Outdated<T> extends Error {
  readonly newest: T | null;

  constructor(newest: T | null) {
    super();
    this.newest = newest;
  }
}

/** Throws `Outdated` where the server finds that it was asked of an older version than there is; `read` reads that one. */
export async function unlessOutdated<A, T>(ask: () => Promise<A>, read: () => Promise<T>): Promise<A> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof RestRefused && error.code === "stale")) throw error;
  }
  throw new Outdated(await orNothing(read()));
}

/** What is not there is as good as deleted: the answer to a first attempt may have been lost. */
export async function orNothing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RestRefused && error.code === "not_found") return null;
    throw error;
  }
}
