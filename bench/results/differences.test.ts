import { describe, expect, it } from "vitest";
import { environment, resultsOf, trialsOf } from "../../test/results-fixture.ts";
import { playedHost } from "../../test/hosts-fixture.ts";
import type { PlayedHost, Results } from "./schema.ts";
import { configurationDifferences, environmentDifferences } from "./differences.ts";

function resultsWith(change: (results: Results) => void = () => {}): Results {
  const trials = [...trialsOf("sse", "x", [1]), ...trialsOf("websocket", "x", [1])];
  const results = structuredClone(resultsOf(trials, { environment: structuredClone(environment) }));
  change(results);
  return results;
}

const same = resultsWith();

describe("the differences of two environments", () => {
  it("are none in one and the same", () => {
    expect(environmentDifferences(same, resultsWith())).toEqual([]);
  });

  it("are named by their paths, also what only one of them records", () => {
    const other = resultsWith(({ environment: { host, software } }) => {
      host.kernel = "6.2.0";
      host.portRange = [1_024, 65_535];
      host.clockSource = null;
      software.versions["undici"] = "7.30.2";
      software.nodeOptions = "--inspect";
    });
    expect(environmentDifferences(same, other)).toEqual([
      { field: "host.kernel", before: "6.1.0", after: "6.2.0" },
      { field: "host.clockSource", before: "tsc", after: "null" },
      { field: "host.portRange", before: "[32768,60999]", after: "[1024,65535]" },
      { field: "software.nodeOptions", before: '""', after: "--inspect" },
      { field: "software.versions.undici", before: null, after: "7.30.2" },
    ]);
    expect(environmentDifferences(other, same)).toContainEqual({
      field: "software.versions.undici",
      before: "7.30.2",
      after: null,
    });
  });

  it("leave out the load, which changes from minute to minute", () => {
    const other = resultsWith(({ environment: { host } }) => {
      host.loadBefore = 3;
      host.loadAfter = null;
    });
    expect(environmentDifferences(same, other)).toEqual([]);
  });
});

describe("the differences of hosts", () => {
  const server = playedHost("north", ["servers"]);
  const [small, large] = [2, 16].map((cores) => playedHost(`of ${cores}`, ["clients"], { cores }));
  const played = (...hosts: (PlayedHost | undefined)[]): Results =>
    resultsWith(({ environment }) => {
      environment.hosts = hosts.flatMap((host) => host ?? []);
    });

  it("are none between the same ones, whoever joined first", () => {
    expect(
      environmentDifferences(played(server, small, large), played(large, server, small)),
    ).toEqual([]);
  });

  it("are by what ran there and what they are", () => {
    expect(environmentDifferences(played(server, small), played(server, large))).toEqual([
      { field: "hosts.clients 1.host.cores", before: "2", after: "16" },
      { field: "hosts.clients 1.name", before: "of 2", after: "of 16" },
    ]);
  });

  it("are one for each that only one of two runs had, as of all where the other was on one machine", () => {
    expect(environmentDifferences(played(server, small, small), played(server, small))).toEqual([
      { field: "hosts.clients 2", before: "present", after: null },
    ]);
    expect(environmentDifferences(same, played(server, small))).toEqual([
      { field: "hosts.servers 1", before: null, after: "present" },
      { field: "hosts.clients 1", before: null, after: "present" },
    ]);
  });
});

describe("the differences of two configurations", () => {
  it("are none when only time has passed", () => {
    const other = resultsWith(({ run }) => {
      run.startedAt = "2026-12-24T00:00:00.000Z";
      run.status = "interrupted";
      run.finishedAt = null;
      run.command = "npx bench run --config other.ts --seed 7";
    });
    expect(configurationDifferences(same, other)).toEqual([]);
  });

  it("are settings, options and workloads", () => {
    const other = resultsWith(({ run, variants, cells }) => {
      run.seed = 8;
      for (const variant of variants) {
        if (variant.name === "sse") variant.options = { heartbeatMs: 5_000 };
      }
      for (const cell of cells) cell.workload = { ...cell.workload, clients: 200 };
    });
    expect(configurationDifferences(same, other)).toEqual([
      { field: "run.seed", before: "7", after: "8" },
      { field: "variants.sse.options.heartbeatMs", before: null, after: "5000" },
      { field: "scenarios.latency.clients", before: "2", after: "200" },
    ]);
  });

  it("are one for a variant or a scenario that only one of them has", () => {
    const other = resultsWith((results) => {
      results.variants.pop();
      for (const cell of results.cells) cell.scenario = "echo";
    });
    expect(configurationDifferences(same, other)).toEqual([
      { field: "variants.websocket", before: "present", after: null },
      { field: "scenarios.latency", before: "present", after: null },
      { field: "scenarios.echo", before: null, after: "present" },
    ]);
  });

  it("tell of variants that did not share one workload", () => {
    const other = resultsWith(({ cells }) => {
      const [first] = cells;
      if (first !== undefined) first.trials = 9;
    });
    expect(configurationDifferences(same, other)).toEqual([
      { field: "scenarios.latency.trials", before: "1", after: "9 or 1" },
    ]);
  });
});
