import { randomInt } from "node:crypto";
import * as z from "zod";
import { BenchError } from "../../bench/errors/errors.ts";
import { maxSeed } from "../../bench/statistics/random.ts";
import type { Contest } from "./contest.ts";

/** What `npm run bench:self` goes by. */
export interface SelfSettings {
  /** The commit to compare with; null for the bare loops. */
  readonly before: string | null;
  readonly limitMs: number;
  readonly seed: number;
  /** What is played has this in its name, in small letters. */
  readonly only: string;
}

/** How long is played, in minutes. */
const defaultMinutes = { bare: 10, before: 9 };

const schema = z
  .strictObject({
    before: z.string().trim().min(1),
    minutes: z.coerce.number<string>().positive().max(600),
    seed: z.coerce.number<string>().int().min(0).max(maxSeed),
    only: z.string().trim().min(1),
  })
  .partial();

const allowed: Readonly<Record<string, string>> = {
  before: "a commit, such as HEAD~1 or main",
  minutes: "a number above 0, up to 600",
  seed: `a whole number from 0 to ${maxSeed}`,
  only: "part of a name in the table, such as push",
};

/** Reads the flags, all still text; throws a `BenchError` that names the first wrong one. */
export function selfSettings(given: unknown): SelfSettings {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const flag = String(parsed.error.issues[0]?.path[0]);
    throw new BenchError("usage", `--${flag} takes ${allowed[flag]}`);
  }
  const { before = null, minutes, seed = randomInt(maxSeed), only = "" } = parsed.data;
  const played = minutes ?? defaultMinutes[before === null ? "bare" : "before"];
  return { before, limitMs: played * 60_000, seed, only: only.toLowerCase() };
}

/** Those that are to be played. Throws a `BenchError` when there is none. */
export function wantedOf(contests: readonly Contest[], { only }: SelfSettings): Contest[] {
  const wanted = contests.filter(({ row, onlyWhenNamed = false }) =>
    only === "" ? !onlyWhenNamed : row.name.toLowerCase().includes(only),
  );
  if (wanted.length > 0) return wanted;
  throw new BenchError("usage", `--only takes ${allowed["only"]}; "${only}" is in none`);
}
