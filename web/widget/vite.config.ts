import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

import { page } from "../vite.shared";

export default defineConfig({
  ...page("widget"),
  plugins: [tailwindcss()],
  // Here the shared components are Preact's, too.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
