import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { exitCodes } from "../../bench/errors/errors.ts";
import { builtFile, packageCommand } from "../../bench/files/package-files.ts";
import { ProcessTree } from "../../bench/measure/process-tree.ts";
import { describeProcess } from "../../bench/programs/marked-processes.ts";
import { CourseOfProcesses } from "./course-of-processes.ts";
import { outcomeOf, phasesOf } from "./outcome.ts";
import { carriersOf } from "./process-readings.ts";
import type { SoakedRun } from "./record.ts";
import { soakVariable, spelled } from "./reported-heap.ts";
import type { PlannedRun } from "./settings.ts";

interface Pace {
  /** How often processes are looked at. */
  readonly readEveryMs: number;
  readonly collectEveryMs: number;
}

/**
 * Left alone, V8's young generation grows in steps, by more than ten MiB at a time, and at moments of its own: a step in
 * the middle of a soak would look like a leak.
 */
const smallYoungGeneration = "--max-semi-space-size=1";

/** What Node keeps for the next time, on purpose. */
const caches = new Set(["node-compile-cache", "jiti"]);

/** Ended when this process ends; they end what they have started. */
const running = new Set<number>();
process.on("exit", () => {
  for (const pid of running) process.kill(pid, "SIGTERM");
});
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => process.exit(exitCodes.interrupted));
}

/** Plays one `bench run` as its users do, and looks at all of its processes until it has ended. */
export async function playSoaked(
  { name, args }: PlannedRun,
  folder: string,
  { readEveryMs, collectEveryMs }: Pace,
): Promise<SoakedRun> {
  const results = join(folder, "results");
  const temporary = join(folder, "tmp");
  const heaps = join(folder, "heaps");
  for (const made of [temporary, heaps]) mkdirSync(made, { recursive: true });
  const mark = spelled({ folder: heaps, everyMs: collectEveryMs });
  const log = openSync(join(folder, "run.log"), "w");
  const reporter = builtFile("tools/soak/heap-reporter.js").href;
  const child = spawn(process.execPath, [packageCommand(), "run", ...args, "--out", results], {
    cwd: folder,
    stdio: ["ignore", log, log],
    env: {
      ...process.env,
      TMPDIR: temporary,
      NODE_OPTIONS: `${smallYoungGeneration} --import=${reporter}`,
      [soakVariable]: mark,
    },
  });
  closeSync(log);
  const ended = once(child, "exit");
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name}: bench run can't be started`);
  running.add(pid);
  const processes = new CourseOfProcesses(heaps);
  const tree = ProcessTree.of(pid);
  const looking = setInterval(() => processes.look(tree?.pids() ?? []), readEveryMs);
  await ended;
  clearInterval(looking);
  running.delete(pid);
  return {
    name,
    command: `bench run ${args.join(" ")}`,
    exitCode: child.exitCode,
    outcome: await outcomeOf(results),
    processes: processes.recorded(),
    phases: await phasesOf(results),
    left: [
      ...carriersOf(soakVariable, mark).map(describeProcess),
      ...readdirSync(temporary).filter((entry) => !caches.has(entry)),
    ],
  };
}
