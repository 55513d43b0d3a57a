import { join } from "node:path";
import { expect, it } from "vitest";
import { readResults } from "../bench/results/files.ts";
import { sum } from "../bench/statistics/basics.ts";
import { BenchProcess, TemporaryFolder } from "./bench-process.ts";
import { isMissing, procFiles } from "./requirements.ts";
import { expectWhole } from "./whole-trial.ts";

const line =
  "run --scenarios latency --transports sse --servers 2 --clients 240 --rate 10 --duration 400ms" +
  " --warmup 200ms --trials 1 --extra-trials 0 --seed 1 --no-report --quiet --out out";

it.skipIf(isMissing(procFiles))(
  "clients whom one process has no descriptors for are spread over two, and all books balance",
  async () => {
    using folder = new TemporaryFolder();
    await using process = new BenchProcess(folder.path, line.split(" "), [
      "sh",
      "-c",
      `ulimit -n 200; exec "$0" "$@"`,
    ]);
    await process.ended;
    const [trial] = (await readResults(join(folder.path, "out"))).trials;
    if (trial === undefined) throw new Error("nothing was played");
    expectWhole(trial);
    const steady = trial.phases.find(({ name }) => name === "steady");
    if (steady === undefined) throw new Error("no steady phase");
    const processes = steady.resources.map((used) => used.process);
    expect(processes).toEqual(["server", "server", "load", "load", "canary"]);
    const { deliveries, latency, timeline } = steady;
    expect(deliveries.expected).toBe(240 * deliveries.intended);
    expect(deliveries.delivered).toBe(deliveries.expected);
    expect(latency.delivery.count).toBe(deliveries.expected);
    expect(latency.lastClient.count).toBe(deliveries.intended);
    expect(sum(timeline.slices.map(({ count }) => count))).toBe(deliveries.expected);
    expect(steady.canary?.arrived).toBe(deliveries.intended);
  },
);
