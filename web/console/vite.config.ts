import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { page } from "../vite.shared.ts";

export default defineConfig({
  ...page("console"),
  plugins: [tailwindcss(), react()],
});
