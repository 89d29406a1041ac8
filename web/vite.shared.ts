import { fileURLToPath } from "node:url";

import type { UserConfig } from "vite";

const STATIC = fileURLToPath(new URL("../src/havana/static/", import.meta.url));

/** What both pages share: where they are built to, and the server that they speak to while somebody works on them. */
export function page(name: string): UserConfig {
  return {
    build: {
      outDir: STATIC + name,
      emptyOutDir: true,
      // The names carry a hash, so the server lets browsers keep the files for ever.
      assetsDir: `assets/${name}`,
      // An inlined file would be a data: URL, which the pages' security policy refuses for fonts and sounds.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // sizes.js says what is too large.
      chunkSizeWarningLimit: 2000,
      target: "es2022",
      // What Tailwind needs anyway. For older ones each colour would be there twice more, a fortieth of all that a
      // visitor downloads.
      cssTarget: ["chrome111", "safari16.4", "firefox128"],
    },
    server: {
      proxy: {
        "/api": "http://localhost:8000",
        "/live": { target: "http://localhost:8000", ws: true },
      },
    },
  };
}
