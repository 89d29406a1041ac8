import { describe, expect, it } from "vitest";

import { replyHint } from "../src/composer/hint";
import { takeLinkToken } from "../src/session/link";
import { lease } from "../src/shell/lease";
import { NEW_ARTICLE, parseRoute, pathOf } from "../src/shell/route";
import { closedByBlock, contactsOf } from "../src/visitor/visitor";
import { admin, agent, ana, log, state, visitor } from "./made";

describe("addresses", () => {
  it("name a conversation, and lead back to it", () => {
    const route = { page: "inbox", conversation: "a b/c" } as const;

    expect(pathOf(route)).toBe("/console/c/a%20b%2Fc");
    expect(parseRoute(pathOf(route))).toEqual(route);
  });

  it("name a place in a conversation", () => {
    const route = { page: "inbox", conversation: "a b/c", at: 42 } as const;

    expect(pathOf(route)).toBe("/console/c/a%20b%2Fc/42");
    expect(parseRoute(pathOf(route))).toEqual(route);
    expect(parseRoute("/console/c/a/x")).toEqual({ page: "inbox", conversation: null });
  });

  it("name what the assistant does not know, and what was written for it", () => {
    const routes = [
      { page: "unanswered", question: null },
      { page: "unanswered", question: "q1" },
      { page: "articles", article: null },
      { page: "articles", article: NEW_ARTICLE },
    ] as const;

    expect(routes.map(pathOf)).toEqual(["/console/unanswered", "/console/unanswered/q1", "/console/articles", "/console/articles/new"]);
    expect(routes.map((route) => parseRoute(pathOf(route)))).toEqual(routes);
  });

  it("that nobody knows show the inbox", () => {
    expect(parseRoute("/console")).toEqual({ page: "inbox", conversation: null });
    expect(parseRoute("/console/nothing/here")).toEqual({ page: "inbox", conversation: null });
    expect(parseRoute("/console/unanswered/a/b")).toEqual({ page: "inbox", conversation: null });
    expect(parseRoute("/console/c/%E0%A4%A")).toEqual({ page: "inbox", conversation: null });
  });

  it("lose a one-time link's token as soon as it is read", () => {
    const left: string[] = [];
    const past = { replaceState: (_data: unknown, _title: string, url?: string | URL | null) => left.push(String(url)) };

    expect(takeLinkToken({ pathname: "/console/sign-in", hash: "#abc-DEF_1" }, past)).toBe("abc-DEF_1");
    expect(left).toEqual(["/console/sign-in"]);
    expect(takeLinkToken({ pathname: "/console", hash: "#abc" }, past)).toBeNull();
    expect(takeLinkToken({ pathname: "/console/sign-in", hash: "" }, past)).toBeNull();
  });
});

describe("the composer says what a reply does", () => {
  const bens = state("human", { id: "ben", name: "Ben" });

  it("before it is written", () => {
    expect(replyHint(state("ai"), ana)).toEqual({ text: "Your reply takes over", allowed: true });
    expect(replyHint(state("pending"), ana)).toEqual({ text: "Your reply takes over", allowed: true });
    expect(replyHint(state("human", { id: "ana", name: "Ana" }), ana)).toEqual({ text: null, allowed: true });
    expect(replyHint(bens, ana)).toEqual({ text: "Only Ben can reply. Leave a note.", allowed: false });
    expect(replyHint(bens, admin).text).toMatch(/Take over to reply/);
  });
});

describe("the visitor's pane", () => {
  it("shows each address once, the newest first, without removed ones", () => {
    const events = log(
      [visitor, { kind: "contact_left", name: "M", email: "old@example.org" }],
      [visitor, { kind: "contact_left", name: "M", email: "wrong@example.org" }],
      [visitor, { kind: "contact_left", name: "M", email: "old@example.org" }],
      [visitor, { kind: "contact_left", name: "Maria", email: "new@example.org" }],
      [agent, { kind: "redacted", event: "e2" }],
    );

    expect(contactsOf(events).map((contact) => contact.email)).toEqual(["new@example.org", "old@example.org"]);
  });

  it("knows from the log that somebody was blocked", () => {
    const blocked = log([agent, { kind: "closed", reason: "blocked" }]);

    expect(closedByBlock(blocked)).toBe(true);
    expect(closedByBlock(log([agent, { kind: "closed", reason: "closed" }]))).toBe(false);
  });
});

describe("a lease", () => {
  it("is open exactly while somebody looks", () => {
    const calls: string[] = [];
    const store = lease(
      () => calls.push("open"),
      () => calls.push("close"),
    );
    const listen = () => undefined;
    expect(store.getSnapshot()).toBeNull();

    const first = store.subscribe(listen);
    const second = store.subscribe(listen);
    first();
    expect(calls).toEqual(["open"]);
    second();

    expect(calls).toEqual(["open", "close"]);
    expect(store.getSnapshot()).toBeNull();
  });
});
