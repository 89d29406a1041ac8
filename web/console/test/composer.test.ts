import { expect, it } from "vitest";

import { added, uncited } from "../src/composer/useCopilot";

it("leaves the marks of sources out of what the visitor will read, and links in", () => {
  expect(uncited("It costs $8,400 [1]. See [2](https://example.com) [12]")).toBe("It costs $8,400. See [2](https://example.com)");
});

it("puts a suggestion after what was begun", () => {
  expect(added("Hello Rosa, \n", "It costs $8,400.")).toBe("Hello Rosa,\n\nIt costs $8,400.");
  expect(added("  ", "It costs $8,400.")).toBe("It costs $8,400.");
});
