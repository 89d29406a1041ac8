import { expect, it } from "vitest";

import type { Looker } from "../src/frames.gen";
import { ANA, followed } from "./log";
import { again, agent } from "./peer";

const BEN: Looker = { id: "ben", name: "Ben", writing: null };
const US: Looker = { id: ANA.id, name: ANA.name, writing: "note" };

function shown(...agents: Looker[]) {
  return { push: "looking", conversation: "c1", agents } as const;
}

it("shows colleagues who are at a conversation, and never ourselves", async () => {
  const { client, first } = await agent();
  const there = client.looking.at("c1");

  await first.push(shown(US, { ...BEN, writing: "reply" }));
  expect(there.getSnapshot()).toEqual([{ ...BEN, writing: "reply" }]);

  await first.push(shown(US));
  expect(there.getSnapshot()).toEqual([]);
});

it("tells what changes, once", async () => {
  const { client, first } = await agent();
  client.looking.look("c1", null);
  client.looking.look("c1", null);
  client.looking.look("c1", "note");
  client.looking.lookAway("c1");
  client.looking.lookAway("c1");

  expect(await first.answer("look", {})).toMatchObject({ conversation: "c1" });
  expect(await first.answer("look", {})).toMatchObject({ conversation: "c1", writing: "note" });
  expect(await first.answer("look_away", {})).toMatchObject({ conversation: "c1" });
  expect(first.inbox).toEqual([]);
});

it("forgets everybody when the connection is gone, and tells the next one what is on screen", async () => {
  const line = await agent();
  line.client.open("c1");
  line.client.looking.look("c1", "reply");
  await line.first.answer("follow", followed([]));
  await line.first.answer("look", {});
  await line.first.push(shown(BEN));

  const second = await again(line);
  expect(line.client.looking.at("c1").getSnapshot()).toEqual([]);

  await second.welcome({}, ANA);
  await second.answer("follow", followed([]));
  expect(await second.expect("look")).toMatchObject({ conversation: "c1", writing: "reply" });
});

it("takes no harm from a server that does not know the command", async () => {
  const { client, first } = await agent();
  client.looking.look("c1", null);
  await first.refuse("look", { code: "unknown_command" });
  await first.push(shown(BEN));

  expect(client.looking.at("c1").getSnapshot()).toEqual([BEN]);
});
