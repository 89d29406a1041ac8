import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Names that a folder may not import, and why. */
const without = (files, groups) => ({
  files: files.map((folder) => `${folder}/**/*.{ts,tsx}`),
  rules: {
    "no-restricted-imports": ["error", { patterns: groups.map(([group, message]) => ({ group, message })) }],
  },
});

const PAGES = [
  [["@havana/widget", "@havana/widget/*", "**/widget/**"], "Only the widget is the widget: share through ui or protocol."],
  [["@havana/console", "@havana/console/*", "**/console/**"], "Only the console is the console: share through ui or protocol."],
];
const REACT = [["react", "react/*", "react-dom", "react-dom/*"], "React is the console's; the widget stays small with Preact."];
const PREACT = [["preact", "preact/*"], "Preact is the widget's."];
const SOURCES = [["@havana/*/src/*", "../../*/src/*"], "Import a package by its name."];

export default defineConfig(
  globalIgnores(["**/node_modules", "**/dist", "protocol/src/*.gen.ts"]),
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // It asks for the `!` that another rule forbids.
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
      eqeqeq: "error",
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
      "max-lines": ["error", 300],
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Words become nodes, never HTML." },
        { property: "outerHTML", message: "Words become nodes, never HTML." },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Words become nodes, never HTML." },
      ],
    },
  },
  {
    files: ["**/*.js"],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly" } },
  },
  {
    files: ["console/**/*.{ts,tsx}"],
    ...hooks.configs.flat.recommended,
    rules: {
      ...hooks.configs.flat.recommended.rules,
      // To open something live and keep what was opened is what our effects are for.
      "react-hooks/set-state-in-effect": "off",
    },
  },
  {
    files: ["*/test/**"],
    rules: {
      // Tests stand as long lists of sentences inside one describe.
      "max-lines": ["error", 500],
      "max-lines-per-function": "off",
      // A test that finds nothing where it expects something should fail right there.
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  without(["protocol/src"], [...PAGES, REACT, PREACT, [["@havana/ui"], "The client draws nothing."]]),
  without(["ui/src"], [...PAGES, REACT, PREACT, [["@havana/protocol"], "Shared parts know no wire."]]),
  without(["widget/src"], [PAGES[1], REACT, SOURCES]),
  without(["console/src"], [PAGES[0], PREACT, SOURCES]),
);
