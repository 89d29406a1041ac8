import { Refused, retryAfter, TokenRefused } from "@havana/protocol";

import { Kept } from "./kept";

/** A request that a dead network swallowed is given up. Two in a row may be needed in the live channel's 35 seconds. */
const ANSWER_MS = 15_000;

/**
 * Who the visitor is to the server: a signed token, from the page's opening in memory only.
 *
 * It is kept in the browser from the moment the visitor says something, so that a reload and a second tab find
 * the conversation again.
 */
export class Visitor {
  readonly #site: string;
  readonly #kept: Kept;
  #token: string | null = null;
  #isSpeaking = false;

  constructor(site: string) {
    this.#site = site;
    this.#kept = new Kept(`havana.visitor.${site}`);
  }

  /** Whether this browser has talked here before. */
  get isKnown(): boolean {
    return this.#kept.read() !== null;
  }

  async token(expired: boolean): Promise<string> {
    const kept = this.#kept.read();
    const known = kept ?? this.#token;
    if (known !== null && !expired) return known;
    const fresh = (known === null ? null : await ask({ token: known })) ?? (await ask({ site: this.#site }));
    if (fresh === null) throw new TokenRefused("The server has no token for us.");
    // Another tab may have begun to talk while we asked: then that is who we are.
    const elsewhere = known === null ? this.#kept.read() : null;
    this.#token = elsewhere ?? fresh;
    if (kept !== null || this.#isSpeaking) this.#kept.write(this.#token);
    return this.#token;
  }

  /** The visitor speaks: from now on, or as soon as there is a token, this browser remembers who they are. */
  keep(): void {
    this.#isSpeaking = true;
    if (this.#token !== null && !this.isKnown) this.#kept.write(this.#token);
  }

  /** The server does not know this token (any more): the next one is a newcomer's. */
  forget(): void {
    this.#token = null;
    this.#kept.write(null);
  }

  /** Tells when the visitor begins to talk on another tab. */
  onElsewhere(listener: () => void): () => void {
    return this.#kept.onElsewhere((token) => {
      if (token !== null && token !== this.#token) listener();
    });
  }
}

/** A token; null if the server refuses one. Rejects when there is no answer, which is worth another try. */
async function ask(body: Readonly<Record<string, string>>): Promise<string | null> {
  const answer = await fetch("/api/visitors", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (answer.ok) return ((await answer.json()) as { token: string }).token;
  if (answer.status >= 500 || answer.status === 429) {
    const retryMs = retryAfter(await answer.text(), answer.headers.get("Retry-After"));
    throw new Refused("busy", `The server answered ${String(answer.status)}.`, retryMs);
  }
  return null;
}
