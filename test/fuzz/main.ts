import { mixedComparison } from "../comparison-fixture.ts";
import { pageResults } from "../page-fixture.ts";
import { mutated } from "./mutated.ts";
import { wrongWithComparison, wrongWithResults } from "./tried.ts";

/*
 * Results and comparisons with random changes, for a minute or for as many seconds as are named, from a
 * random seed or from the one that is named: `npm run fuzz -- 600 7`. Prints each seed with what it found.
 */

const [, , seconds = "60", first = String(Date.now() % 1e9)] = process.argv;
const end = performance.now() + 1_000 * Number(seconds);
const [results, comparison] = [pageResults(), mixedComparison()];
let seed = Number(first);
for (; performance.now() < end; seed += 1) {
  const wrong = [
    ...(await wrongWithResults(JSON.stringify(mutated(results, seed)), results)),
    ...(await wrongWithComparison(JSON.stringify(mutated(comparison, seed)))),
  ];
  for (const text of wrong) console.log(`${seed}: ${text}`);
  if (wrong.length > 0) process.exitCode = 1;
}
console.log(`seeds ${first} to ${seed - 1}`);
