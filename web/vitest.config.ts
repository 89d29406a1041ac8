import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "protocol", root: "protocol", environment: "node" } },
      // Style sheets are emptied in tests unless asked for; one test reads these colours.
      { test: { name: "ui", root: "ui", environment: "happy-dom", css: { include: /(tokens|pace)\.css/ } } },
      {
        test: { name: "widget", root: "widget", environment: "happy-dom" },
        oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
      },
      { test: { name: "console", root: "console", environment: "happy-dom" } },
    ],
  },
});
