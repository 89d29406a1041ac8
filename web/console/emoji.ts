import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import type { Plugin } from "vite";

const require = createRequire(import.meta.url);
const { version } = require("emojibase-data/package.json") as { version: string };

/** Where the page finds the emoji and their names: its own server, under a name that changes with them. */
const BASE = `/assets/emoji-${version}`;
const FILES = ["en/data.json", "en/messages.json"] as const;

/** Puts the emoji beside the page's other files, and tells the page where as `__EMOJI__`. */
export function emoji(): Plugin {
  return {
    name: "havana-emoji",
    config: () => ({ define: { __EMOJI__: JSON.stringify(BASE) } }),
    configureServer({ middlewares }) {
      for (const file of FILES) {
        middlewares.use(`${BASE}/${file}`, (_request, response, next) => {
          readFile(source(file)).then((data) => response.setHeader("Content-Type", "application/json").end(data), next);
        });
      }
    },
    async generateBundle() {
      for (const file of FILES) {
        this.emitFile({ type: "asset", fileName: `assets/emoji-${version}/${file}`, source: await readFile(source(file)) });
      }
    },
  };
}

function source(file: string): string {
  return require.resolve(`emojibase-data/${file}`);
}
