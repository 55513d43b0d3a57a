import { expect, it } from "vitest";
import type { Trial } from "../bench/results/schema.ts";
import { BenchProcess, TemporaryFolder } from "./bench-process.ts";
import { balancers, caddy, isMissing } from "./requirements.ts";

const proxies = ["nginx", "haproxy", "caddy"];

/** Of each cell, what was found and what cured it. */
function foundIn({ figures }: Trial): Record<string, string | null> {
  const valueOf = (key: string): string | null => {
    const value = figures.find((figure) => figure.key === key)?.value;
    return typeof value === "string" ? value : null;
  };
  const kinds = figures.flatMap(({ key }) => /^found\.(.*)/.exec(key)?.[1] ?? []);
  return Object.fromEntries(
    kinds.flatMap((kind) =>
      valueOf(`found.${kind}`) === null ? [] : [[kind, valueOf(`cure.${kind}`)]],
    ),
  );
}

it.skipIf(isMissing(balancers) || isMissing(caddy))(
  "plays a cell of each program, as the distribution has it and as it should be",
  async () => {
    using folder = new TemporaryFolder();
    const named = ["--scenarios", "proxy", "--proxies", proxies.join(","), "--transports"];
    const args = [
      "run",
      ...named,
      "sse,websocket",
      "--quick",
      "--extra-trials",
      "0",
      "--no-report",
    ];
    await using bench = new BenchProcess(folder.path, [...args, "--out", "out"]);
    const { stdout } = await bench.ended;
    const { trials, environment } = await bench.results();
    expect(trials).toHaveLength(12);
    expect(trials.filter(({ outcome }) => outcome.status === "failed")).toEqual([]);
    const found = Object.fromEntries(trials.map((trial) => [trial.variant, foundIn(trial)]));

    // nginx asks by HTTP/1.0, gathers what it isn't told the length of, and passes no upgrade on.
    expect(found["sse+proxy=nginx"]).toMatchObject({ buffered: "X-Accel-Buffering: no" });
    expect(found["websocket+proxy=nginx"]).toEqual({ refused: null });
    // HAProxy has TCP gather what is less than a packet, which no header can help.
    expect(Object.entries(found["sse+proxy=haproxy"] ?? {})).toContainEqual([
      expect.stringMatching(/buffered|delayed/),
      null,
    ]);
    expect(found["sse+proxy=caddy"]).toEqual({});
    for (const name of proxies) expect(found[`sse+proxy=${name}:corrected`]).toEqual({});
    for (const name of ["nginx", "haproxy"]) {
      expect(found[`websocket+proxy=${name}:corrected`]).toEqual({});
    }

    const told = environment.proxies?.map(({ name, configuration }) => `${name}:${configuration}`);
    const configured = proxies.flatMap((name) => [`${name}:default`, `${name}:corrected`]);
    expect(told?.toSorted()).toEqual(configured.toSorted());
    expect(stdout).toMatch(/^│ nginx [\d.]+ +│ .+│$/m);
  },
  120_000,
);
