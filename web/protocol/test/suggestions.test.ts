import { expect, it } from "vitest";

import type { SuggestionPush } from "../src/frames.gen";
import { agent } from "./peer";

const SOURCE = { title: "Welding", url: null, quote: "", heading: "" };

function piece(request: number | undefined, offset: number, text: string, more: Partial<SuggestionPush> = {}): SuggestionPush {
  const bare = { push: "suggestion", conversation: "c1", done: false, sources: [], error: null } as const;
  return { ...bare, request: request ?? 0, offset, text, ...more };
}

it("grows as it is written, and ends as the last push says", async () => {
  const { client, first } = await agent();
  const store = client.suggestions.of("c1");
  client.suggestions.suggest("c1");
  const { id } = await first.answer("suggest", {});

  await first.push(piece(id, 0, "Ok 🌴"), piece(id, 4, " [2]"));
  expect(store.getSnapshot()).toEqual({ what: "reply", status: "writing", text: "Ok 🌴 [2]", sources: [], error: null });

  await first.push(piece(id, 0, "Ok 🌴 [1]", { done: true, sources: [SOURCE] }));
  expect(store.getSnapshot()).toMatchObject({ status: "done", text: "Ok 🌴 [1]", sources: [SOURCE] });
});

it("takes words that come in the frame of the reply", async () => {
  const { client, first } = await agent();
  client.suggestions.rewrite("c1", "Yes.", "shorter");
  const { id } = await first.expect("rewrite");

  await first.say({ id, ok: {} }, piece(id, 0, "Y", { done: true }));

  expect(client.suggestions.of("c1").getSnapshot()).toMatchObject({ what: "shorter", status: "done", text: "Y" });
});

it("shows nothing of one that another has taken the place of", async () => {
  const { client, first } = await agent();
  client.suggestions.suggest("c1");
  const old = await first.answer("suggest", {});
  client.suggestions.suggest("c1");
  const { id } = await first.answer("suggest", {});

  await first.push(piece(id, 0, "New"), piece(old.id, 0, "Old", { done: true }), piece(id, 3, " words"));

  expect(client.suggestions.of("c1").getSnapshot()).toMatchObject({ status: "writing", text: "New words" });
});

it("tells the server when it is not wanted any more, and takes no more of it", async () => {
  const { client, first } = await agent();
  client.suggestions.suggest("c1");
  const { id } = await first.answer("suggest", {});
  client.suggestions.drop("c1");
  await first.answer("drop_suggestion", {});

  await first.push(piece(id, 0, "Too late"));

  expect(client.suggestions.of("c1").getSnapshot()).toBeNull();
});

it("is gone with words that are removed from its conversation, and from no other", async () => {
  const { client, first } = await agent();
  for (const conversation of ["c1", "c2"]) {
    client.suggestions.suggest(conversation);
    const { id } = await first.answer("suggest", {});
    await first.push(piece(id, 0, "Your card 4111", { conversation, done: conversation === "c2" }));
  }
  const removed = { seq: 2, id: "e2", at: "2026-01-01T00:00:00Z", author: { role: "agent", id: "a1", name: "Ana" } } as const;

  await first.push({ push: "event", conversation: "c1", event: { ...removed, kind: "redacted", event: "e1" } });
  await first.answer("drop_suggestion", {});

  expect(client.suggestions.of("c1").getSnapshot()).toBeNull();
  expect(client.suggestions.of("c2").getSnapshot()).toMatchObject({ text: "Your card 4111" });
});

it("says why there is none", async () => {
  const { client, first } = await agent();
  client.suggestions.suggest("c1");
  await first.refuse("suggest", { code: "stale", message: "Take it over first." });
  expect(client.suggestions.of("c1").getSnapshot()).toMatchObject({ status: "failed", error: { message: "Take it over first." } });

  client.suggestions.suggest("c1");
  const { id } = await first.answer("suggest", {});
  const error = { code: "internal", message: "Out of order.", retry_ms: null, state: null } as const;
  await first.push(piece(id, 0, "", { done: true, error }));
  expect(client.suggestions.of("c1").getSnapshot()).toMatchObject({ status: "failed", error: { message: "Out of order." } });
});

it("is lost with the connection", async () => {
  const { client, first } = await agent();
  client.suggestions.suggest("c1");
  await first.answer("suggest", {});

  await first.close(1006);

  expect(client.suggestions.of("c1").getSnapshot()).toMatchObject({ status: "failed", error: { code: "lost" } });
});
