import { Command } from "commander";
import { asLine, errorLines } from "../../bench/errors/error-lines.ts";
import { BenchError, exitCodes } from "../../bench/errors/errors.ts";
import { buildCommit, playableBy, verifyDrivable } from "./commit-build.ts";
import { slowdownOf } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";
import type { Contest } from "./contest.ts";
import { againstBare, againstBuild } from "./contests.ts";
import { playRounds } from "./rounds.ts";
import { Servers } from "./servers.ts";
import { selfSettings, wantedOf } from "./settings.ts";
import type { SelfSettings } from "./settings.ts";
import { bareTable, beforeTable, verdict } from "./tables.ts";

/*
 * What the harness's own load process costs above a bare loop over the same library, or above what that of
 * another state costs, against the same servers. Later work is held against this, on a quiet machine.
 */

const program = new Command("bench:self")
  .description(
    "What the harness's own load process costs, beside bare loops or another state of it.",
  )
  .option("--before <ref>", "compare with this commit, which is built in a folder of its own")
  .option("--minutes <n>", "how long is played (default: 5, with --before 9)")
  .option("--only <text>", "only what has this in its name, such as push")
  .option("--seed <n>", "makes the order repeatable (default: random)")
  .allowExcessArguments(false);

const stopping = new AbortController();

async function bench(settings: SelfSettings): Promise<void> {
  const { before } = settings;
  await using servers = new Servers();
  if (before === null) {
    print(bareTable(await playAll(wantedOf(againstBare(servers), settings), settings)));
    return;
  }
  const wantedWith = (build: string): Contest[] => wantedOf(againstBuild(build, servers), settings);
  // A wrong flag is told before the minutes that a build takes.
  wantedWith("");
  await using worktree = await buildCommit(before, stopping.signal);
  await verifyDrivable(worktree.folder, servers);
  const wanted = wantedWith(worktree.folder);
  const playable = await playableBy(worktree.folder, wanted, servers, ({ row }, reason) =>
    print(asLine(`left out: ${row.name}; ${before} can't play it: ${reason}`)),
  );
  if (playable.length === 0) throw new BenchError("usage", "--before: nothing is left to compare");
  const results = await playAll(playable, settings);
  print(beforeTable(results));
  print(verdict(results, before));
  process.exitCode = exitCodeOf(results);
}

async function playAll(
  contests: readonly Contest[],
  settings: SelfSettings,
): Promise<readonly Comparison[]> {
  const startMs = performance.now();
  const results = await playRounds(contests, settings, (rounds, passedMs) => {
    const seconds = [passedMs, settings.limitMs].map((ms) => (ms / 1_000).toFixed(0));
    process.stderr.write(`pairs of each: ${rounds}; ${seconds.join(" of ")} s\n`);
  });
  const seconds = (performance.now() - startMs) / 1_000;
  print(`${seconds.toFixed(0)} s, seed ${settings.seed}; work per CPU-second of the load process:`);
  for (const contest of contests) for (const remark of contest.remarks?.() ?? []) print(remark);
  return results;
}

function exitCodeOf(results: readonly Comparison[]): number {
  const slowdowns = new Set(results.map(slowdownOf));
  if (slowdowns.has("shown")) return exitCodes.failed;
  return slowdowns.has("open") ? exitCodes.inconclusive : exitCodes.done;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

// What it has started and made goes when this process exits, but not by a signal.
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => {
    stopping.abort();
    process.exit(exitCodes.interrupted);
  });
}

try {
  await bench(selfSettings(program.parse().opts()));
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  for (const line of errorLines(error)) process.stderr.write(`${line}\n`);
  process.exitCode = exitCodes.usage;
}
