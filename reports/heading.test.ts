import { describe, expect, it } from "vitest";
import type { MachineNote, Results } from "../bench/results/schema.ts";
import { figureOf, resultsOf, trialOf } from "../test/results-fixture.ts";
import { html } from "./html.tsx";
import { markdown } from "./markdown.ts";
import { onlyRun } from "./run.ts";
import { terminal } from "./terminal.ts";

const load: MachineNote = {
  key: "load",
  title: "other work",
  status: "limited",
  found: "3.40 processes at work over the last minute",
  effect: "other programs distort every figure",
  advice: "stop other programs and wait a minute",
};

const trials = [trialOf("sse", { figures: [figureOf("p50", 1)] })];

function resultsWith(notes: MachineNote[]): Results {
  const results = resultsOf(trials);
  return { ...results, run: { ...results.run, notes } };
}

/** With what breaks lines taken for a space. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

describe("a run over a packet network", () => {
  const packetNetwork = {
    roundTripMs: { p50: 0.093, p99: 0.31 },
    plainRoundTripMs: { p50: 0.041, p99: 0.12 },
    packetsPerSecond: 204_000,
    unread: 12,
    packetsPerCpuSecond: 301_000,
  };

  it("says which, and what that does by itself, in every report", async () => {
    const { run, ...results } = resultsOf(trials);
    const configuration = { ...run.configuration, network: "4g" };
    const runs = onlyRun({ ...results, run: { ...run, configuration, packetNetwork } });
    const text = "over the packet network 4g (by itself a round trip of 0.0930 ms)";
    expect(flat(terminal.render(runs, { colour: false }))).toContain(text);
    expect(flat(markdown.render(runs))).toContain(text);
    const page = await html.render(runs, { draw: async () => null });
    expect(page).toContain("packet network 4g");
    expect(page).toContain("carried 204 000 packets of 1 500 B a second");
  });

  it("has no name where its scenario makes several", () => {
    const { run, ...results } = resultsOf(trials);
    const runs = onlyRun({ ...results, run: { ...run, packetNetwork } });
    expect(flat(terminal.render(runs, { colour: false }))).toContain("over packet networks (by");
  });
});

describe("a run over a relay", () => {
  it("says which network it played, and what the relay adds by itself, in every report", async () => {
    const { run, ...results } = resultsOf(
      trials.map((trial) => Object.assign({}, trial, { network: { ownDelayNs: 21_000 } })),
    );
    const configuration = { ...run.configuration, network: "relay:delay=40ms" };
    const runs = onlyRun({ ...results, run: { ...run, configuration } });
    const text = "over relay:delay=40ms (by itself 0.0210 ms one way)";
    expect(flat(terminal.render(runs, { colour: false }))).toContain(text);
    expect(flat(markdown.render(runs))).toContain("over relay:delay");
    const page = await html.render(runs, { draw: async () => null });
    expect(page).toContain(`relay of TCP connections, ${text}`);
  });
});

describe("what makes a machine worse to measure on", () => {
  const sentence =
    "other work: 3.40 processes at work over the last minute; other programs distort every figure (stop other programs and wait a minute)";

  it("stands in every report that is made from the results", async () => {
    const runs = onlyRun(resultsWith([load]));
    expect(flat(terminal.render(runs, { colour: false }))).toContain(`limited: ${sentence}`);
    expect(flat(markdown.render(runs))).toContain(`- **limited**: ${sentence}`);
    const page = await html.render(runs, { draw: async () => null });
    expect(flat(page)).toContain(`<strong>limited</strong>: <bdi>${sentence}</bdi>`);
  });

  it("is not mentioned where there is nothing of the kind", async () => {
    const runs = onlyRun(resultsWith([]));
    expect(markdown.render(runs)).not.toContain("**limited**");
    expect(await html.render(runs, { draw: async () => null })).not.toContain("worse than");
  });

  it("is nothing but text, whoever wrote it, and ends somewhere", async () => {
    const hostile = { ...load, found: "<script>alert(1)</script> | `x` \n# head" };
    const runs = onlyRun(resultsWith(Array.from({ length: 400 }, () => hostile)));
    const text = markdown.render(runs);
    expect(text).not.toContain("<script>");
    expect(text).not.toMatch(/^# head/m);
    expect(text.match(/\*\*limited\*\*/g)?.length).toBeLessThan(20);
    const page = await html.render(runs, { draw: async () => null });
    expect(page).not.toContain("<script>alert");
  });
});
