import { Refused, type Connection, type ConversationStore, type Event } from "@havana/protocol";
import { describe, expect, it } from "vitest";

import { meaningOf, sendAnd } from "../src/composer/sendAnd";
import { Underway } from "../src/composer/underway";
import { added, uncited } from "../src/composer/useCopilot";
import { log, visitor } from "./made";

it("leaves the marks of sources out of what the visitor will read, and links in", () => {
  expect(uncited("It costs $8,400 [1]. See [2](https://example.com) [12]")).toBe("It costs $8,400. See [2](https://example.com)");
});

it("puts a suggestion after what was begun", () => {
  expect(added("Hello Rosa, \n", "It costs $8,400.")).toBe("Hello Rosa,\n\nIt costs $8,400.");
  expect(added("  ", "It costs $8,400.")).toBe("It costs $8,400.");
});

describe("a reply after which something follows", () => {
  /** A conversation in which nothing has happened yet; tells what was asked of it. */
  function conversation(post: () => Promise<unknown>) {
    const asked: string[] = [];
    const events: Event[] = [];
    const snapshot = { last: 0, events, pending: [] };
    const store = {
      getSnapshot: () => snapshot,
      post: (text: string) => {
        asked.push(text);
        return post();
      },
      command: (name: string) => {
        asked.push(name);
        return Promise.resolve();
      },
    } as unknown as ConversationStore;
    return { store, asked, events };
  }

  const listeners = new Set<() => void>();
  let status: "ready" | "waiting" = "ready";
  const connection = {
    getSnapshot: () => ({ status, retryAt: 0 }) as Connection,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  it("is stored first", async () => {
    const { store, asked } = conversation(() => Promise.resolve());
    await sendAnd(connection, store, "Bye", "close");

    expect(asked).toEqual(["Bye", "close"]);
    expect(listeners.size).toBe(0);
  });

  it("is all that happens if it is refused", async () => {
    const { store, asked } = conversation(() => Promise.reject(new Refused("forbidden", "No.")));
    await sendAnd(connection, store, "Bye", "close");

    expect(asked).toEqual(["Bye"]);
  });

  it("does not close over what the visitor said meanwhile, but hands it back", async () => {
    const spoken = () => {
      const talk = conversation(() => {
        talk.events.push(...log([visitor, { kind: "message_posted", text: "One more thing", offers: [] }]));
        return Promise.resolve();
      });
      return talk;
    };
    const closed = spoken();
    await expect(sendAnd(connection, closed.store, "Bye", "close")).rejects.toMatchObject({ why: "wroteMeanwhile" });
    expect(closed.asked).toEqual(["Bye"]);

    const back = spoken();
    await sendAnd(connection, back.store, "Bye", "hand_back");

    expect(back.asked).toEqual(["Bye", "hand_back"]);
  });

  it("is all that happens if the connection was lost before it was stored", async () => {
    const { store, asked } = conversation(() => {
      for (const now of ["waiting", "ready"] as const) {
        status = now;
        for (const listener of listeners) listener();
      }
      return Promise.resolve();
    });

    await expect(sendAnd(connection, store, "Bye", "hand_back")).rejects.toMatchObject({ why: "lostMeanwhile" });
    expect(asked).toEqual(["Bye"]);
  });

  it("has a key of its own, and none where a key of the keyboard only looks like it", () => {
    const press = (held: Partial<KeyboardEvent>, altGraph = false) =>
      meaningOf({ ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held, getModifierState: () => altGraph });

    expect(press({})).toBe("send");
    expect(press({ ctrlKey: true })).toBe("send");
    expect(press({ shiftKey: true })).toBeNull();
    expect(press({ metaKey: true, shiftKey: true })).toBe("close");
    expect(press({ ctrlKey: true, altKey: true })).toBe("hand_back");
    expect(press({ ctrlKey: true, altKey: true }, true)).toBe("send");
  });
});

describe("what is on its way", () => {
  const pending: { status: string }[] = [];
  const store = { getSnapshot: () => ({ pending }) } as unknown as ConversationStore;

  it("would be lost by leaving until it is stored, and what was refused until it is given up", async () => {
    const underway = new Underway();
    pending.push({ status: "sending" });
    const refused = underway.watch(store, Promise.reject(new Refused("forbidden", "No.")));
    expect(underway.unsent).toBe(true);
    pending[0] = { status: "refused" };
    await expect(refused).rejects.toThrow();
    expect(underway.unsent).toBe(true);

    pending.pop();

    expect(underway.unsent).toBe(false);
  });
});
