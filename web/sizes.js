/** What a reader downloads before a page works: its scripts and styles, compressed. Over budget fails the build. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

// Kilobytes of 1,000 bytes. Visitors come on phones and once; agents come daily and have the files already.
const BUDGETS = { widget: 45, console: 200 };

let over = false;
for (const [name, budget] of Object.entries(BUDGETS)) {
  const folder = new URL(`../src/havana/static/${name}/assets/${name}/`, import.meta.url);
  let total = 0;
  for (const file of readdirSync(folder).filter((each) => /\.(js|css)$/.test(each))) {
    // As `api/pages.py` compresses it.
    const size = gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length / 1000;
    console.log(`${name.padEnd(8)} ${size.toFixed(1).padStart(6)} kB  ${file}`);
    total += size;
  }
  console.log(`${name.padEnd(8)} ${total.toFixed(1).padStart(6)} kB  of ${String(budget)} kB`);
  if (total > budget) {
    console.error(`The ${name} page is over its budget: ${total.toFixed(1)} kB, ${String(budget)} kB are allowed.`);
    over = true;
  }
}
process.exitCode = over ? 1 : 0;
