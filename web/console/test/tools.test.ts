import type { Fact } from "@havana/protocol";
import { describe, expect, it } from "vitest";

import { toolLine } from "../src/thread/lines";
import { isWaiting, toolItemsOf, withPlaced } from "../src/thread/toolCalls";
import { agent, assistant, log, said, system, visitor } from "./made";

const call = "call-1";
const tool = "cancel_order";
const requested: Fact = {
  kind: "tool_requested",
  call,
  tool,
  answer: "a1",
  arguments: { order: "17" },
  expires_at: "2026-03-10T12:10:00Z",
};
const allowed: Fact = { kind: "tool_allowed", call, tool };
const started: Fact = { kind: "tool_started", call, tool, until: "2026-03-10T12:00:25Z", answer: null, arguments: {} };
const finished = (outcome: "done" | "failed" | "unknown"): Fact => ({
  kind: "tool_finished",
  call,
  tool,
  outcome,
  result: "{}",
  arguments: {},
});
const refused = (reason: "refused" | "expired" | "closed" | "redacted"): Fact => ({ kind: "tool_refused", call, tool, reason });

function only(...facts: Parameters<typeof log>) {
  const [item] = toolItemsOf(log(...facts));
  if (!item) throw new Error("There is no call.");
  return item.call;
}

describe("a call of a tool", () => {
  it("waits until somebody decides", () => {
    const asked = only([assistant, requested]);

    expect(isWaiting(asked)).toBe(true);
    expect([asked.arguments, asked.until]).toEqual([{ order: "17" }, "2026-03-10T12:10:00Z"]);
    expect(isWaiting(only([assistant, requested], [agent, allowed]))).toBe(false);
    expect(isWaiting(only([assistant, requested], [agent, refused("refused")]))).toBe(false);
  });

  it("becomes a line with who decided and what came of it", () => {
    expect(toolLine(only([assistant, requested], [agent, allowed], [system, started]))).toBe(
      "Ana allowed cancel_order, it is being done",
    );
    expect(toolLine(only([assistant, requested], [agent, allowed], [system, started], [system, finished("done")]))).toBe(
      "Ana allowed cancel_order, done",
    );
    expect(toolLine(only([assistant, requested], [agent, allowed], [system, finished("unknown")]))).toBe(
      "Ana allowed cancel_order, nobody knows whether it was done",
    );
    expect(toolLine(only([assistant, requested], [agent, refused("refused")]))).toBe("Ana refused cancel_order");
    expect(toolLine(only([assistant, requested], [system, refused("expired")]))).toBe("Nobody allowed cancel_order in time");
    expect(toolLine(only([assistant, requested], [system, refused("closed")]))).toBe(
      "cancel_order was not done: the conversation was closed before anybody decided",
    );
    expect(toolLine(only([assistant, requested], [agent, allowed], [system, refused("redacted")]))).toBe(
      "cancel_order was not done: what it was for was removed first",
    );
  });

  it("that needs nobody's leave is not told as done while it is being made", () => {
    expect(toolLine(only([assistant, { ...started, answer: "a1" }]))).toBe("The assistant used cancel_order, it is being done");
  });

  it("that ended after a redaction tells how, and nothing of what came back", () => {
    const late = { ...finished("done"), result: "", redacted: true } as Fact;
    const made = only([assistant, requested], [agent, allowed], [agent, { kind: "redacted", event: "e9" }], [system, late]);

    expect(toolLine(made)).toBe("Ana allowed cancel_order, done");
    expect([made.arguments, made.result, made.redacted]).toEqual([{}, "", true]);
  });

  it("that needed nobody's leave tells what it was made with", () => {
    const read = only([assistant, { ...finished("done"), arguments: { order: "17" } } as Fact]);

    expect(toolLine(read)).toBe("The assistant used cancel_order, done");
    expect(read.arguments).toEqual({ order: "17" });
    expect(isWaiting(read)).toBe(false);
  });

  it("keeps nothing of what was redacted", () => {
    const emptied = only([assistant, requested], [agent, { kind: "redacted", event: "e9" }]);

    expect([emptied.arguments, emptied.redacted]).toEqual([{}, true]);
  });

  it("stands where it was asked for, and above words that are still on their way", () => {
    const events = log([visitor, { kind: "labelled", labels: [] }], [assistant, requested]);
    const calls = toolItemsOf(events);
    const sending = { ...said("c", agent, 3), seq: null };
    const order = withPlaced([said("a", visitor, 1), said("b", visitor, 3), sending], calls).map((item) => item.id);

    expect(order).toEqual(["a", "call call-1", "b", "c"]);
    expect(withPlaced([said("a", visitor, 1), sending], calls).map((item) => item.id)).toEqual(["a", "call call-1", "c"]);
  });
});
