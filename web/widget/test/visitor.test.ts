import { Refused, TokenRefused } from "@havana/protocol";
import { neverAnswered } from "@havana/protocol/test";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Visitor } from "../src/visitor";

/** A server that gives out numbered tokens and remembers what it was asked; the browser's edge. */
let asked: unknown[] = [];
let refuse: ((body: Record<string, string>) => number | null) | null = null;

beforeEach(() => {
  asked = [];
  refuse = null;
  localStorage.clear();
  vi.stubGlobal("fetch", (_: string, { body }: { body: string }) => {
    const told = JSON.parse(body) as Record<string, string>;
    asked.push(told);
    const status = refuse?.(told) ?? null;
    if (status !== null) return Promise.resolve(new Response("{}", { status }));
    return Promise.resolve(Response.json({ token: `token ${String(asked.length)}` }));
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("stores nothing before the visitor says something", async () => {
  await new Visitor("demo").token(false);

  expect(localStorage.length).toBe(0);
});

it("is the same visitor after a reload and on a second tab, once something was said", async () => {
  const first = new Visitor("demo");
  const token = await first.token(false);
  first.keep();

  const second = new Visitor("demo");
  expect(second.isKnown).toBe(true);
  expect(await second.token(false)).toBe(token);
  expect(asked).toHaveLength(1);
});

it("is kept when the token comes, if something was said before that", async () => {
  const visitor = new Visitor("demo");
  const token = visitor.token(false);
  visitor.keep();
  expect(localStorage.length).toBe(0);

  const told = await token;

  expect(await new Visitor("demo").token(false)).toBe(told);
  expect(asked).toHaveLength(1);
});

it("is kept when a later attempt brings the token", async () => {
  refuse = () => 503;
  const visitor = new Visitor("demo");
  await expect(visitor.token(false)).rejects.toThrow("503");
  visitor.keep();
  refuse = null;

  const token = await visitor.token(false);

  expect(await new Visitor("demo").token(false)).toBe(token);
});

it("is who another tab has become while it asked", async () => {
  const [here, elsewhere] = [new Visitor("demo"), new Visitor("demo")];
  const token = elsewhere.token(false);
  elsewhere.keep();
  const late = here.token(false);

  expect(await late).toBe(await token);
});

it("asks once per page, not once per connection", async () => {
  const visitor = new Visitor("demo");

  expect(await visitor.token(false)).toBe(await visitor.token(false));
  expect(asked).toEqual([{ site: "demo" }]);
});

it("gets a fresh token for the same visitor when the old one has expired", async () => {
  const visitor = new Visitor("demo");
  await visitor.token(false);
  visitor.keep();

  const fresh = await visitor.token(true);

  expect(asked).toEqual([{ site: "demo" }, { token: "token 1" }]);
  expect(await new Visitor("demo").token(false)).toBe(fresh);
});

it("becomes a newcomer when the server does not know the old token", async () => {
  const visitor = new Visitor("demo");
  await visitor.token(false);
  refuse = ({ token }) => (token === undefined ? null : 401);

  await visitor.token(true);

  expect(asked.at(-1)).toEqual({ site: "demo" });
});

it("gives up where there is no such site, and tries again when the server is only away", async () => {
  refuse = () => 404;
  await expect(new Visitor("nowhere").token(false)).rejects.toBeInstanceOf(TokenRefused);

  refuse = () => 503;
  await expect(new Visitor("demo").token(false)).rejects.not.toBeInstanceOf(TokenRefused);
});

it("says when the server wants to be asked again", async () => {
  const body = JSON.stringify({ error: { code: "rate", message: "Too fast.", retry_ms: 4200, state: null } });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status: 429, headers: { "Retry-After": "5" } })));
  await expect(new Visitor("demo").token(false)).rejects.toMatchObject({ retryMs: 4200 });

  vi.stubGlobal("fetch", () => Promise.resolve(new Response("<h1>", { status: 503, headers: { "Retry-After": "5" } })));
  await expect(new Visitor("demo").token(false)).rejects.toMatchObject({ retryMs: 5000 });

  vi.stubGlobal("fetch", () => Promise.resolve(new Response("", { status: 502 })));
  await expect(new Visitor("demo").token(false)).rejects.toEqual(new Refused("busy", "The server answered 502."));
});

it("gives up a request that is never answered", async () => {
  const timeOut = neverAnswered();
  const token = new Visitor("demo").token(false);

  timeOut();

  await expect(token).rejects.toThrow("Too late.");
});

it("works until the page is left where the browser forbids storage", async () => {
  vi.spyOn(window, "localStorage", "get").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  const visitor = new Visitor("demo");
  const token = await visitor.token(false);
  visitor.keep();

  expect(await visitor.token(false)).toBe(token);
});
