import { beforeEach, describe, expect, it } from "vitest";

import { Drafts } from "../src/composer/drafts";
import { KEPT_MS, KeptDrafts, LONGEST, MOST } from "../src/composer/keptDrafts";

const NOON = Date.UTC(2026, 2, 10, 12);
let now = NOON;

/** A page that this agent has opened just now; each has a memory of its own, and all the same storage. */
function page(agent = "ana", storage = () => localStorage): Drafts {
  const drafts = new Drafts(new KeptDrafts(storage, () => now), () => now);
  drafts.belongTo(agent);
  return drafts;
}

function reply(drafts: Drafts, conversation = "a"): string {
  return drafts.of(conversation).getSnapshot().reply;
}

/** What the browser tells all other tabs when one stores something. */
function tell(key: string, oldValue: string | null, newValue: string | null): void {
  dispatchEvent(new StorageEvent("storage", { key, oldValue, newValue }));
}

beforeEach(() => {
  localStorage.clear();
  now = NOON;
});

describe("unsent words", () => {
  it("are kept for each conversation, a reply apart from a note, and outlive the page", () => {
    const before = page();
    before.change("a", { reply: "hello" });
    before.change("a", { mode: "note", note: "odd" });
    before.change("b/1", { reply: "bye" });
    const after = page();

    expect(after.of("a").getSnapshot()).toMatchObject({ mode: "note", reply: "hello", note: "odd" });
    expect(reply(after, "b/1")).toBe("bye");
    expect(after.unkept).toBe(false);
  });

  it("are gone when they were sent", () => {
    const drafts = page();
    drafts.change("a", { reply: "hello" });
    drafts.change("a", { reply: "" });

    expect(reply(page())).toBe("");
    expect(localStorage.length).toBe(0);
  });

  it("are never another agent's: whoever signs in finds nothing, and nothing is left", () => {
    page("ana").change("a", { reply: "about Ben" });
    const bens = page("ben");

    expect(reply(bens)).toBe("");
    expect(localStorage.length).toBe(0);
    expect(reply(page("ana"))).toBe("");
  });

  it("wait on an open page for the same agent to sign in again, and for nobody else", () => {
    const drafts = page("ana");
    drafts.change("a", { reply: "hello" });
    drafts.belongTo("ana");
    expect(reply(drafts)).toBe("hello");

    drafts.belongTo("ben");

    expect(reply(drafts)).toBe("");
  });

  it("are wiped when somebody signs out, and nothing that is still open stores them again", () => {
    const drafts = page();
    localStorage.setItem("havana.muted", "yes");
    drafts.change("a", { reply: "hello" });
    drafts.wipe();
    drafts.change("a", { reply: "hello again" });

    expect(Object.keys(localStorage)).toEqual(["havana.muted"]);
  });

  it("are not kept for ever, and of many the oldest go", () => {
    const drafts = page();
    for (let i = 0; i <= MOST; i++) {
      now = NOON + i;
      drafts.change(`c${String(i)}`, { reply: "hello" });
    }
    const next = page();
    expect([reply(next, "c0"), reply(next, "c1")]).toEqual(["", "hello"]);
    expect(localStorage.length).toBe(MOST);

    now = NOON + KEPT_MS + 1;

    expect([reply(page(), "c1"), reply(page(), "c2")]).toEqual(["", "hello"]);
  });

  it("that are too long to be kept are told, and no shorter state of them comes back", () => {
    const drafts = page();
    drafts.change("a", { reply: "x" });
    drafts.change("a", { reply: "x".repeat(LONGEST + 1) });
    expect(drafts.unkept).toBe(true);
    expect(reply(page())).toBe("");

    drafts.change("a", { reply: "short" });

    expect(drafts.unkept).toBe(false);
  });

  it("live as long as the page where nothing may be stored, and are told", () => {
    const drafts = page("ana", () => {
      throw new Error("forbidden");
    });
    drafts.change("a", { reply: "hello" });

    expect(reply(drafts)).toBe("hello");
    expect(drafts.unkept).toBe(true);
  });

  it("of a page that stored something else are none", () => {
    localStorage.setItem("havana.draft/ana/a", "{");
    localStorage.setItem("havana.draft/ana/b", '{"reply": 1}');

    expect(reply(page())).toBe("");
    expect(localStorage.length).toBe(0);
  });
});

describe("two tabs of one agent", () => {
  const KEY = "havana.draft/ana/a";

  function stored(text: string, at: number): string {
    return JSON.stringify({ mode: "reply", reply: text, note: "", at });
  }

  it("show the same, and what is sent in one is gone in the other", () => {
    const drafts = page();
    tell(KEY, null, stored("from the other tab", NOON));
    expect(reply(drafts)).toBe("from the other tab");

    tell(KEY, stored("from the other tab", NOON), null);

    expect(reply(drafts)).toBe("");
  });

  it("do not take words from under whoever has gone on meanwhile", () => {
    const drafts = page();
    now = NOON + 2;
    drafts.change("a", { reply: "newer" });
    tell(KEY, null, stored("older", NOON + 1));
    tell(KEY, stored("older", NOON + 1), null);

    expect(reply(drafts)).toBe("newer");
  });

  it("write beside each other", () => {
    const [one, other] = [page(), page()];
    one.change("a", { reply: "one" });
    other.change("b", { reply: "other" });
    one.change("a", { reply: "one more" });
    const next = page();

    expect([reply(next, "a"), reply(next, "b")]).toEqual(["one more", "other"]);
  });
});
