import { expect, it } from "vitest";

import { Asking } from "../src/asking";
import { Refused } from "../src/errors";
import { ManualClock, settled } from "./clock";

it("asks the next question after a failure that nobody foresaw", async () => {
  const asking = new Asking<"history">(new ManualClock());
  const broken = asking.ask("history", () => Promise.reject(new TypeError("broken")));
  await expect(broken).rejects.toEqual(new TypeError("broken"));
  expect(asking.name).toBeNull();

  const answer = await asking.ask("history", () => Promise.resolve("a page"));

  expect(answer).toBe("a page");
});

it("leaves a newer question alone when an older one fails", async () => {
  const asking = new Asking<"follow" | "history">(new ManualClock());
  const broken = asking.ask("history", () => Promise.reject(new TypeError("broken")));
  const newer = asking.ask("follow", () => settled().then(() => "a view"));
  await expect(broken).rejects.toEqual(new TypeError("broken"));
  expect(asking.name).toBe("follow");

  expect(await newer).toBe("a view");
});

it("asks again when the server said, unless the question fell meanwhile", async () => {
  const clock = new ManualClock();
  const asking = new Asking<"history">(clock);
  let sent = 0;
  const answer = asking.ask("history", () => Promise.reject(new Refused("busy", "", ++sent * 500)));
  await settled();
  clock.pass(499);
  await settled();
  expect([sent, asking.name]).toEqual([1, "history"]);

  clock.pass(1);
  await settled();
  expect([sent, asking.name]).toEqual([2, "history"]);

  asking.drop();
  clock.pass(1000);
  expect(await answer).toBeNull();
  expect(sent).toBe(2);
});
