import { uniformInt } from "pure-rand/distribution/uniformInt";
import { mersenne } from "pure-rand/generator/mersenne";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Numbers that arithmetic and formats trip over. */
const numbers = [
  0,
  -1,
  1,
  0.5,
  -17.5,
  1e-308,
  1e21,
  1e308,
  -1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 31,
];

/** Texts that act on where they are shown, hide something, or end what they stand in. */
const texts = [
  "",
  " ",
  "\u001B[2J\u0000\u009B31m\u202Efdp\u2066\u2028\u200B\uFEFF",
  "a\r\nb\tc",
  "</script><script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "::error::pwned",
  "| **b** | `c` <img src=x> [d](e) @f #1",
  "日本語".repeat(60),
  "x".repeat(200),
  "x".repeat(5_000),
  "__proto__",
  "{value} {variant}",
  "$& $1 $`",
  "steady",
  "sse",
];

/** The plain data with one to four of its places changed, by the seed alone. */
export function mutated(given: unknown, seed: number): unknown {
  const generator = mersenne(seed);
  let value: unknown = structuredClone(given);
  for (let count = uniformInt(generator, 1, 4); count > 0; count -= 1)
    value = changed(value, generator);
  return value;
}

function changed(value: unknown, generator: RandomGenerator): unknown {
  if (Array.isArray(value) && value.length > 0) {
    const index = uniformInt(generator, 0, value.length - 1);
    if (uniformInt(generator, 0, 19) === 0) return changedList(value, index, generator);
    return value.with(index, changed(value[index], generator));
  }
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const entry = entries[uniformInt(generator, 0, Math.max(0, entries.length - 1))];
  if (entry === undefined) return changedLeaf(value, generator);
  const [key, held] = entry;
  if (uniformInt(generator, 0, 39) > 0) {
    return Object.fromEntries(
      entries.map(([name, of]) => [name, name === key ? changed(held, generator) : of]),
    );
  }
  return Object.fromEntries(entries.filter(([name]) => name !== key));
}

/** Emptied, or with an item less or twice. */
function changedList(
  items: readonly unknown[],
  index: number,
  generator: RandomGenerator,
): unknown {
  const kind = uniformInt(generator, 0, 2);
  if (kind === 0) return [];
  return kind === 1 ? items.toSpliced(index, 1) : items.toSpliced(index, 0, items[index]);
}

function changedLeaf(value: unknown, generator: RandomGenerator): unknown {
  const any = uniformInt(generator, 0, 9);
  if (any === 0) return null;
  if (any === 1)
    return typeof value !== "string" ? oneOf(texts, generator) : oneOf(numbers, generator);
  if (typeof value === "number") return oneOf([...numbers, -value, 10 * value], generator);
  if (typeof value === "string") return oneOf(texts, generator);
  return typeof value === "boolean" ? !value : oneOf<unknown>([...numbers, ...texts], generator);
}

function oneOf<T>(items: readonly T[], generator: RandomGenerator): T | undefined {
  return items[uniformInt(generator, 0, items.length - 1)];
}
