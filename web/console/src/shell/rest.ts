import { Refused, retryAfter, type RefusalCode } from "@havana/protocol";

/** A request that a dead network swallowed is given up; one for a token before the live channel's 35 seconds are over. */
const ANSWER_MS = 30_000;

/** What is wrong with a field of a form: `message` goes on after its name. */
export interface Problem {
  field: string;
  message: string;
}

/** A refusal by the server, with the code that `docs/protocol.md` lists. */
export class RestRefused extends Refused {
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(status: number, code: RefusalCode, message: string, retryMs: number | null, problems: readonly Problem[] = []) {
    super(code, message, retryMs);
    this.status = status;
    this.problems = problems;
  }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {}

/** Asks the server for a resource. Throws `RestRefused` or `Unreachable`; 204 answers with undefined. */
export async function rest(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: body ? { "content-type": "application/json" } : {},
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    text = await response.text();
  } catch {
    throw new Unreachable(path);
  }
  if (!response.ok) throw refusal(response, text);
  return text ? (JSON.parse(text) as unknown) : undefined;
}

function refusal({ status, headers }: Response, text: string): RestRefused {
  let error: { code?: RefusalCode; message?: string; problems?: Problem[] } = {};
  try {
    error = (JSON.parse(text) as { error?: typeof error }).error ?? {};
  } catch {
    // A proxy in between answers in its own words.
  }
  return new RestRefused(status, error.code ?? "internal", error.message ?? "", retryAfter(text, headers.get("Retry-After")), error.problems);
}
