import { expect, it } from "vitest";

import { byUrgency, doing } from "../src/presence/colleagues";

const ben = { id: "ben", name: "Ben", writing: null };
const cleo = { id: "cleo", name: "Cleo", writing: "note" } as const;
const dora = { id: "dora", name: "Dora", writing: "reply" } as const;

it("says in words what a colleague does", () => {
  expect([ben, cleo, dora].map(doing)).toEqual(["Ben is looking", "Cleo is writing a note", "Dora is writing a reply"]);
});

it("shows first whoever answers, as that is what must not happen twice", () => {
  expect(byUrgency([ben, cleo, dora])).toEqual([dora, cleo, ben]);
});
