/** A refusal by the server, with the code that `docs/protocol.md` lists. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryMs: number | null,
  ) {
    super(message);
  }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {}

/** Asks the server for a resource. Throws `Refused` or `Unreachable`; 204 answers with undefined. */
export async function rest(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: body ? { "content-type": "application/json" } : {},
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch {
    throw new Unreachable(path);
  }
  const text = await response.text();
  if (!response.ok) throw refusal(response.status, text);
  return text ? (JSON.parse(text) as unknown) : undefined;
}

function refusal(status: number, text: string): Refused {
  let error: { code?: string; message?: string; retry_ms?: number | null } = {};
  try {
    error = (JSON.parse(text) as { error?: typeof error }).error ?? {};
  } catch {
    // A proxy in between answers in its own words.
  }
  return new Refused(status, error.code ?? "internal", error.message ?? "", error.retry_ms ?? null);
}
