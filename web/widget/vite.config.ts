import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin } from "vite";

import { page } from "../vite.shared.ts";

export default defineConfig({
  ...page("widget"),
  plugins: [tailwindcss(), lexerOnly()],
  // Here the shared components are Preact's, too.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});

/**
 * Of marked only the lexer is used. The global instance at the module's end, which nothing needs here, would keep
 * parser and renderers alive: a tenth of all that a visitor downloads.
 */
function lexerOnly(): Plugin {
  return {
    name: "lexer-only",
    transform: {
      filter: { id: /marked\.esm\.js$/ },
      handler(code) {
        const instance = code.search(/var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse\(/);
        const lexer = /(\w+) as Lexer\b/.exec(code)?.[1];
        if (instance < 0 || lexer === undefined) return this.error("marked is built differently now: see lexerOnly");
        return { code: `${code.slice(0, instance)}export{${lexer} as Lexer};`, map: null };
      },
    },
  };
}
