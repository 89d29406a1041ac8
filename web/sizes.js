/** What a reader downloads before a page works: its scripts and styles, compressed. Over budget fails the build. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

// Kilobytes of 1,000 bytes. Visitors come on phones and once; agents come daily and have the files already.
const BUDGETS = { widget: 45, console: 200 };

let over = false;
for (const [name, budget] of Object.entries(BUDGETS)) {
  const built = new URL(`../src/havana/static/${name}/`, import.meta.url);
  // The page names what it needs at once; everything else is downloaded when somebody goes there.
  const page = readFileSync(new URL("index.html", built), "utf8");
  const files = readdirSync(new URL(`assets/${name}/`, built)).filter((each) => /\.(js|css)$/.test(each));
  if (!files.some((file) => page.includes(file))) throw new Error(`The ${name} page names none of its files.`);
  let total = 0;
  for (const file of files) {
    // As `api/pages.py` compresses it.
    const size = gzipSync(readFileSync(new URL(`assets/${name}/${file}`, built)), { level: 9 }).length / 1000;
    const first = page.includes(file);
    console.log(`${name.padEnd(8)} ${size.toFixed(1).padStart(6)} kB  ${file}${first ? "" : "  (later)"}`);
    if (first) total += size;
  }
  console.log(`${name.padEnd(8)} ${total.toFixed(1).padStart(6)} kB  of ${String(budget)} kB`);
  if (total > budget) {
    console.error(`The ${name} page is over its budget: ${total.toFixed(1)} kB, ${String(budget)} kB are allowed.`);
    over = true;
  }
}
process.exitCode = over ? 1 : 0;
