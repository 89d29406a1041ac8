import { Refused } from "@havana/protocol";
import { neverAnswered } from "@havana/protocol/test";
import { afterEach, expect, it, vi } from "vitest";

import { rest, Unreachable } from "../src/shell/rest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("tells the live channel when the server wants to be asked again", async () => {
  const body = JSON.stringify({ error: { code: "rate", message: "Too fast.", retry_ms: 4200, state: null } });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status: 429 })));

  const refusal: unknown = await rest("POST", "/api/live-token", {}).catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(Refused);
  expect(refusal).toMatchObject({ status: 429, code: "rate", message: "Too fast.", retryMs: 4200 });
});

it("understands a proxy that answers in its own words", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("<h1>", { status: 503, headers: { "Retry-After": "5" } })));

  await expect(rest("GET", "/api/session")).rejects.toMatchObject({ status: 503, code: "internal", retryMs: 5000 });
});

it("gives up a request that is never answered", async () => {
  const timeOut = neverAnswered();
  const asked = rest("POST", "/api/live-token", {});

  timeOut();

  await expect(asked).rejects.toBeInstanceOf(Unreachable);
});
