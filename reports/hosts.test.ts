import { describe, expect, it } from "vitest";
import { playedHost } from "../test/hosts-fixture.ts";
import { environment, figureOf, phaseOf, resultsOf, trialOf } from "../test/results-fixture.ts";
import type { Results } from "../bench/results/schema.ts";
import { resultsSchema } from "../bench/results/schema.ts";
import { html } from "./html.tsx";
import { hostHeads, hostRows, hostsText } from "./hosts.ts";
import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import { onlyRun } from "./run.ts";
import { terminal } from "./terminal.ts";

const clocks = [
  { host: "north", offsetNs: 0, boundNs: 0, driftPpm: 0 },
  { host: "south", offsetNs: 86_400e9, boundNs: 30_000, driftPpm: 0 },
];

const stall = { longestMs: 25, stoppedMs: 25 };

function played(p50Ms: number): Results {
  const phase = phaseOf({
    clocks,
    clockBoundNs: 30_000,
    standStills: [
      { process: "server", host: "north", ...stall },
      { process: "load 1", host: "south", ...stall },
      { process: "canary", host: "south", ...stall },
      { process: "director", ...stall },
    ],
  });
  const p50 = figureOf("delivery.p50", p50Ms * 1e6, {
    unit: "ns",
    label: "half within",
    phase: phase.name,
    clockBoundNs: 30_000,
    headline: true,
  });
  const p99 = { ...p50, key: "delivery.p99", label: "99 % within", value: 50e6, headline: false };
  const results = resultsOf([trialOf("sse", { phases: [phase], figures: [p50, p99] })], {
    environment: {
      ...structuredClone(environment),
      hosts: [playedHost("north", ["servers"]), playedHost("south", ["clients"])],
    },
  });
  return resultsSchema.parse(results);
}

describe("the hosts of a run", () => {
  it("are told with what ran there, on what, and how far their clocks were ahead", () => {
    const [north, south] = hostRows(played(1));
    const { cpu, kernel } = environment.host;
    const machine = `${cpu}, 4 cores, ${north?.[2]?.split(", ")[2]}, linux ${kernel}, Node 20.20.2`;
    expect(north).toEqual(["north", "servers", machine, "server", "counts"]);
    expect(south?.slice(3)).toEqual(["load 1 and canary", "86 400 s ahead, ±0.03 ms"]);
    expect(hostsText(played(1))).toBe("2 hosts");
  });

  it("are none where all of it ran on one machine", () => {
    const results = resultsOf([trialOf("sse", {})]);
    expect(hostRows(results)).toEqual([]);
    expect(hostsText(results)).toBeNull();
    expect(terminal.render(onlyRun(results), { colour: false })).not.toContain("hosts");
  });

  it("stand in every report", async () => {
    const runs = onlyRun(played(1));
    const draw = async (): Promise<null> => null;
    const page = await html.render(runs, { draw });
    const texts = [terminal.render(runs, { colour: false }), markdown.render(runs, {}), page];
    for (const text of texts) {
      for (const head of hostHeads) expect(text).toContain(head);
      expect(text).toMatch(/2\shosts/);
      expect(text).toContain("load 1 and canary");
    }
    expect(JSON.parse(json.render(runs)).runs[0].hosts).toMatchObject([
      { name: "north", ran: ["servers"], node: "20.20.2", cores: 4 },
      { name: "south", ran: ["clients"] },
    ]);
  });
});

describe("a time by two clocks", () => {
  it("carries how far they may be apart", () => {
    const text = terminal.render(onlyRun(played(1)), { colour: false });
    expect(text).toContain("1.00 ±0.03");
    expect(text).toContain("50.0 ±0.1");
    expect(text.replaceAll(/\s+/g, " ")).toContain("± is how far these may have been apart");
  });

  it("is none where that is more than a tenth of it, while a longer one beside it stands", () => {
    const runs = onlyRun(played(0.2));
    const text = terminal.render(runs, { colour: false }).replaceAll(/\s+/g, " ");
    expect(text).toContain("(200 ±30)");
    expect(text).toContain("more than 10 % of it: in brackets, it doesn't count");
    expect(text).toContain("50.0 ±0.1");
    expect(text).not.toContain("Half of the messages");
    const [table] = JSON.parse(json.render(runs)).scenarios[0].tables;
    expect(table.rows[0].cells).toMatchObject([
      { median: null, invalid: 200_000, clockBound: 30_000 },
      { median: 50e6, invalid: null, clockBound: 30_000 },
    ]);
  });
});
