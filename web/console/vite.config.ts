import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, mergeConfig } from "vite";

import { page } from "../vite.shared.ts";
import { emoji } from "./emoji.ts";

/** What the first page needs is one file, whoever else uses some of it: several would be larger, and more with each page. */
const FIRST = { name: "first", tags: ["$initial"] };

export default defineConfig(
  mergeConfig(page("console"), {
    plugins: [tailwindcss(), react(), emoji()],
    build: { rolldownOptions: { output: { codeSplitting: { groups: [FIRST] } } } },
  }),
);
