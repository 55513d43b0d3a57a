import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readResults } from "../bench/results/files.ts";
import { isInvalidated } from "../bench/verdict/trials.ts";
import { BenchProcess, TemporaryFolder, benchFile } from "./bench-process.ts";
import { isMissing, namespaces } from "./requirements.ts";

const search =
  "run --scenarios connections --trials 1 --extra-trials 0 --duration 500ms --no-report --quiet --out out";

/** How the search in a network with so few client ports comes out. */
async function searched(ports: number, more: readonly string[]) {
  using folder = new TemporaryFolder();
  const narrow =
    `ip link set lo up; echo 40000 ${40_000 + ports - 1} > /proc/sys/net/ipv4/ip_local_port_range;` +
    ` exec "$0" "$@"`;
  await using process = new BenchProcess(
    folder.path,
    [...search.split(" "), ...more],
    ["unshare", "--net", "bash", "-c", narrow],
  );
  await process.ended;
  const { trials } = await readResults(join(folder.path, "out"));
  return trials.map(({ outcome, figures }) => {
    const figure = (key: string) => figures.find((one) => one.key === key);
    return { outcome, held: figure("held"), stopped: figure("stopped")?.value };
  });
}

describe.skipIf(isMissing(namespaces))("a search in which client ports run out", () => {
  // The generator of polls wants 50 connections: more than there are, and fewer.
  it.each([20, 101])("ends by itself where clients poll, with %i ports", async (ports) => {
    const trials = await searched(ports, ["--transports", "short-polling@200ms,long-polling"]);
    expect(trials).toHaveLength(2);
    for (const { outcome, held, stopped } of trials) {
      expect(outcome.status).not.toBe("failed");
      // A machine that has no time for a broadcast ends the search before.
      if (isInvalidated({ outcome })) continue;
      expect(stopped).toBe("EADDRNOTAVAIL, client");
      expect(held).toMatchObject({ bound: "at least" });
      expect(held?.value).toBeGreaterThanOrEqual(ports - 10);
      expect(held?.value).toBeLessThanOrEqual(ports);
    }
  });

  it("leaves some to what publishes on the user's own server", async () => {
    const serve = `'${process.execPath}' '${benchFile}' serve --transport long-polling`;
    const [trial, ...others] = await searched(40, [
      "--transports",
      "long-polling",
      "--target",
      "http://127.0.0.1:8899",
      "--target-command",
      serve,
    ]);
    expect(others).toEqual([]);
    if (trial === undefined) throw new Error("nothing was played");
    expect(trial.outcome.status).not.toBe("failed");
    if (isInvalidated(trial)) return;
    expect(trial).toMatchObject({ stopped: "EADDRNOTAVAIL, client" });
    expect(trial.held?.value).toBeGreaterThanOrEqual(30);
  });
});
