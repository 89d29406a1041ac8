import { expect, it } from "vitest";

import type { ContextPush } from "../src/frames.gen";
import { again, agent } from "./peer";

const HERE: ContextPush = { push: "context", conversation: "c1", visitor: "v1", here: true, context: null, details: [] };

it("knows of each conversation what was told last", async () => {
  const { client, first } = await agent();
  expect(client.contexts.at("c1").getSnapshot()).toBeNull();

  await first.push(HERE);
  await first.push({ ...HERE, here: false });
  await first.push({ ...HERE, conversation: "c2" });

  expect(client.contexts.at("c1").getSnapshot()).toEqual({ ...HERE, here: false });
  expect(client.contexts.at("c2").getSnapshot()).toEqual({ ...HERE, conversation: "c2" });
});

it("says of nobody that they are here once the connection is gone, and hears it again", async () => {
  const line = await agent();
  const there = line.client.contexts.at("c1");
  await line.first.push(HERE);
  await line.first.close(1006);
  expect(there.getSnapshot()).toEqual({ ...HERE, here: false });

  const second = await again(line);
  await second.push(HERE);

  expect(there.getSnapshot()).toEqual(HERE);
});
