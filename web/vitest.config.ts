import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "protocol", root: "protocol", environment: "node" } },
      { test: { name: "ui", root: "ui", environment: "happy-dom" } },
      {
        test: { name: "widget", root: "widget", environment: "happy-dom" },
        oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
      },
      { test: { name: "console", root: "console", environment: "happy-dom" } },
    ],
  },
});
