import { readdirSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { resolveConfig } from "../bench/settings/config.ts";
import type { Settings } from "../bench/settings/config.ts";
import { faultVariable } from "../bench/settings/fault.ts";
import type { Fault } from "../bench/settings/fault.ts";
import { planRun } from "../bench/plan/plan.ts";
import { percentileNs } from "../bench/results/percentile.ts";
import type { Histogram, Phase, Trial } from "../bench/results/schema.ts";
import { warningMeanings } from "../bench/results/warnings.ts";
import type { WarningCode } from "../bench/results/warnings.ts";
import { onlyRun } from "../reports/run.ts";
import { terminal } from "../reports/terminal.ts";
import { latency } from "../scenarios/latency.ts";
import { BenchProcess, TemporaryFolder } from "./bench-process.ts";
import type { Ended } from "./bench-process.ts";
import { playRun } from "./built-engine.ts";

// The proof of what all other figures rest on: a fault that is made on purpose appears in the figure it
// belongs to, at its full size, and in no other.

const words = (line: string): string[] => line.split(" ");

interface Played {
  readonly trial: Trial;
  readonly steady: Phase;
  /** The report of it. */
  readonly text: string;
}

/** What a trial of the scenario `latency` under a fault leaves, for each transport; all wait at once. */
async function playedUnder(
  fault: Fault,
  transports: readonly string[],
  settings: Settings,
): Promise<Played[]> {
  // Measuring processes inherit it.
  vi.stubEnv(faultVariable, JSON.stringify(fault));
  return Promise.all(
    transports.map((transport) => played(fault, { transports: [transport], ...settings })),
  );
}

async function played(fault: Fault, settings: Settings): Promise<Played> {
  const config = {
    ...resolveConfig({ warmup: 0, trials: 1, extraTrials: 0, ...settings }, String, 1),
    // What the fault does to the others is what it does to a canary.
    scenarios: [{ ...latency, canary: false }],
  };
  const results = await playRun(
    { config, plan: planRun(config), goals: [] },
    {
      command: "",
      notes: { before: [], after: () => [] },
      observer: { phase: () => {}, grows: async () => {}, trialEnds: () => {} },
      save: async () => {},
      signal: new AbortController().signal,
    },
  );
  expect(JSON.parse(results.run.fault ?? "null")).toEqual(fault);
  const [trial] = results.trials;
  if (trial === undefined) throw new Error("no trial was played");
  const text = terminal.render(onlyRun(results), { colour: false, width: 1_000 });
  expect(text).toContain(`FAULT MADE ON PURPOSE: ${results.run.fault}`);
  return { trial, steady: steadyOf(trial), text };
}

async function playedOneUnder(
  fault: Fault,
  transport: string,
  settings: Settings,
): Promise<Played> {
  const [one] = await playedUnder(fault, [transport], settings);
  if (one === undefined) throw new Error("nothing was played");
  return one;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

function steadyOf(trial: Trial): Phase {
  const steady = trial.phases.find(({ name }) => name === "steady");
  if (steady === undefined) throw new Error(`nothing was measured: ${JSON.stringify(trial)}`);
  return steady;
}

function ms(histogram: Histogram, q: number): number {
  return (percentileNs(histogram, q) ?? Number.NaN) / 1e6;
}

function maxMs({ maxNs }: Histogram): number {
  return (maxNs ?? Number.NaN) / 1e6;
}

/**
 * How much later all may be since the machine kept the harness's processes from running: for as long again, they
 * do what was left undone. Of the server's longest stall, `blockedMs` are the fault's.
 */
function machineMs({ standStills }: Phase, blockedMs = Infinity): number {
  const stallsMs = standStills.map(({ process, longestMs }) =>
    process === "server" ? Math.max(0, longestMs - blockedMs) : longestMs,
  );
  return 2 * stallsMs.reduce((total, stallMs) => total + stallMs, 0);
}

const clean = { duplicated: 0, reordered: 0, corrupted: 0, lost: 0 };

/*
 * 1 000 messages, 10 ms apart. The 100 that fall due while the server is blocked go out at its end: they
 * are 0, 10, … 990 ms late, a tenth of all. So p90 lies just below the delay's onset, p99 is the 90th of
 * those 100, and the maximum the first to be held up. A closed loop would send one message into that
 * second instead of a hundred, and with one of some 900 late show a p99 like its p50.
 *
 * A slow machine only adds: it can't undercut a lower bound, which leaves room for four messages that slip
 * out before the server is blocked. The upper ones leave it half a second, and as long as it was blocked.
 */
describe("a server that is blocked for one second of ten, at 100 messages a second", () => {
  it("is charged for it", async () => {
    const all = await playedUnder(
      { kind: "block", atMessage: 500, forMs: 1_000 },
      ["websocket", "long-polling"],
      { clients: 1, rate: 100, duration: 10_000 },
    );
    for (const { steady } of all) {
      const { deliveries, latency } = steady;
      const laterMs = machineMs(steady, 1_000);
      expect(deliveries).toMatchObject({ ...clean, expected: 1_000, delivered: 1_000 });
      const { delivery, lateness, transit } = latency;
      expect(ms(delivery, 0.5)).toBeLessThan(100 + laterMs);
      expect(ms(delivery, 0.9)).toBeLessThan(450 + laterMs);
      expect(ms(delivery, 0.99)).toBeGreaterThanOrEqual(850);
      expect(ms(delivery, 0.99)).toBeLessThan(1_500 + laterMs);
      expect(maxMs(delivery)).toBeGreaterThanOrEqual(950);
      expect(maxMs(delivery)).toBeLessThan(2_000 + laterMs);
      // 0 + 10 + … + 990 ms over 1 000 messages are 49.5 ms.
      expect((delivery.meanNs ?? 0) / 1e6).toBeGreaterThanOrEqual(45);
      // What was late was the sending, and not the way.
      expect(ms(lateness, 0.99)).toBeGreaterThanOrEqual(850);
      expect(ms(transit, 0.99)).toBeLessThan(425 + laterMs);
    }
  });
});

// Faults are made before any transport: each is shown over another.
describe("of a hundred messages to ten clients, one", () => {
  const hundred = { clients: 10, rate: 200, duration: 500 };

  it.each([
    ["dropped", ["short-polling@50ms", "sse"], "drop", "lost", 990, { lost: 10 }],
    ["published twice", ["long-polling"], "duplicate", "duplicated", 1_000, { duplicated: 10 }],
    ["published after the next", ["sse"], "swap", "reordered", 1_000, { reordered: 10 }],
    ["with one wrong bit", ["websocket"], "corrupt", "corrupted", 990, { corrupted: 10 }],
  ] as const)(
    "%s is found once by each client, over %j",
    async (_what, transports, kind, code, delivered, deliveries) => {
      const all = await playedUnder({ kind, atMessage: 50 }, transports, hundred);
      for (const { trial, steady, text } of all) {
        expect(text).toContain(`${code}: ${warningMeanings[code].meaning} (`);
        expect(steady.deliveries, trial.variant).toMatchObject({
          intended: 100,
          expected: 1_000,
          delivered,
          ...clean,
          ...deliveries,
        });
        expect(steady.latency.delivery.count, trial.variant).toBe(delivered);
        expect(deliveryWarnings(trial), trial.variant).toEqual([
          { code, phase: "steady", detail: "10 of 1000 deliveries" },
        ]);
      }
    },
  );
});

describe("a publisher or a reader that is slow", () => {
  it("makes each delivery late when it is the publisher, who is named, and the trial invalid", async () => {
    const { trial, steady, text } = await playedOneUnder({ kind: "late", byMs: 40 }, "websocket", {
      clients: 4,
      rate: 20,
      duration: 1_250,
    });
    const { deliveries, latency } = steady;
    expect(deliveries).toMatchObject({ ...clean, expected: 100, delivered: 100 });
    expect(latency.lateness.count).toBe(25);
    expect(latency.lateness.minNs).toBeGreaterThanOrEqual(40e6);
    expect(latency.delivery.minNs).toBeGreaterThanOrEqual(40e6);
    expect(ms(latency.transit, 0.5)).toBeLessThan(40 + machineMs(steady));
    expect(trial.outcome).toEqual({ status: "invalid" });
    expect(trial.warnings.map(({ code }) => code)).toContain("late-publisher");
    expect(text).toContain(`late-publisher: ${warningMeanings["late-publisher"].meaning}`);
  });

  /*
   * A message each 10 ms to a reader that takes 15 ms for one: message k, from 0, can't be read before 15 k
   * after the first, so it is 5 k late at least. The server has sent all of them in time: what waits, waits
   * in the reader's kernel, and in what the reader has fetched from it.
   */
  it("makes deliveries later and later when it is the reader, and loses none", async () => {
    const { trial, steady, text } = await playedOneUnder(
      { kind: "slow-reader", perDeliveryMs: 15 },
      "websocket",
      { clients: 1, rate: 100, duration: 2_000, payload: 4_096 },
    );
    const { deliveries, latency, backlog } = steady;
    expect(deliveries).toMatchObject({ ...clean, expected: 200, delivered: 200 });
    expect(ms(latency.delivery, 0.5)).toBeGreaterThanOrEqual(5 * 99);
    expect(ms(latency.delivery, 0.9)).toBeGreaterThanOrEqual(5 * 179);
    expect(maxMs(latency.delivery)).toBeGreaterThanOrEqual(5 * 199);
    expect(ms(latency.lateness, 0.5)).toBeLessThan(100 + machineMs(steady));
    expect(trial.outcome).toEqual({ status: "invalid" });
    // When sending ends after 2 s, 133 have been read; the kernel holds most of the others.
    expect(backlog.messages).toBeGreaterThanOrEqual(66);
    expect(backlog.receiveQueueBytes).toBeGreaterThan(16_384);
    const codes = trial.warnings.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(["load-saturated", "hidden-backlog", "rising"]));
    expect(text).toContain(`hidden-backlog: ${warningMeanings["hidden-backlog"].meaning}`);
  });
});

// What checks of servers are proved by: each is in the figure that it belongs to, at its full size.
describe("a server that got worse", () => {
  const little = { clients: 4, rate: 50, duration: 300 };

  it("sends as many bytes more as each message has grown by, and nothing that is corrupted", async () => {
    const transports = ["websocket", "long-polling"];
    const all = await playedUnder({ kind: "grow", bytes: 3 }, transports, little);
    for (const { trial, steady } of all) {
      expect(steady.deliveries, trial.variant).toMatchObject(clean);
    }
    // Not of long-polling: how many messages share the head of an answer, no theory can tell.
    const { deliveries, wire, theory } = all[0]?.steady ?? {};
    const { down: expected = Number.NaN } = theory?.deliveries ?? {};
    const served = deliveries?.arrived ?? Number.NaN;
    expect((wire?.parts.deliveries.down ?? Number.NaN) - expected).toBeCloseTo(3 * served, 3);
  });

  it("blocks before it sends, which makes no message late in being sent", async () => {
    const transports = ["websocket", "long-polling"];
    for (const { trial, steady } of await playedUnder(
      { kind: "delay", byMs: 5 },
      transports,
      little,
    )) {
      const { delivery, lateness } = steady.latency;
      expect(delivery.minNs, trial.variant).toBeGreaterThanOrEqual(5e6);
      expect(lateness.minNs, trial.variant).toBeLessThan(5e6);
    }
  });

  it("closes its connections, and gets a new one for each poll", async () => {
    // As many messages, further apart: even where some wait for each other, there are polls enough.
    const sparse = { clients: 4, rate: 20, duration: 750 };
    const { steady } = await playedOneUnder({ kind: "close" }, "long-polling", sparse);
    const { deliveries, wire } = steady;
    expect(deliveries).toMatchObject({ ...clean, expected: 60 });
    // Of its first answer each client had the connection already.
    const { connections, answers } = wire ?? { connections: 0, answers: 0 };
    expect(connections).toBeGreaterThanOrEqual(answers - 4);
    expect(answers).toBeGreaterThanOrEqual(8);
  });

  it.runIf(process.platform === "linux")(
    "waits for acknowledgements, which clients hold back for 40 ms",
    async () => {
      const { steady } = await playedOneUnder({ kind: "nagle" }, "long-polling", {
        clients: 4,
        rate: 20,
        warmup: 500,
        duration: 1_000,
      });
      expect(ms(steady.latency.delivery, 0.5)).toBeGreaterThanOrEqual(30);
    },
  );
});

describe("a fault that there isn't", () => {
  it("is told in one line, before anything is started", async () => {
    const { ended, left } = await runWith(`{"kind":"dorp","atMessage":1}`);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(
      /^error: TRANSPORT_BENCH_FAULT: .*"dorp".* kinds are block, .*\n$/,
    );
    expect(left).toEqual([]);
  });

  it("leaves no mark on a run without", async () => {
    const { ended, fault } = await runWith("");
    expect(fault).toBeNull();
    expect(ended.stdout).not.toContain("FAULT");
  });
});

async function runWith(
  fault: string,
): Promise<{ ended: Ended; left: string[]; fault: string | null | undefined }> {
  using folder = new TemporaryFolder();
  await using process = new BenchProcess(
    folder.path,
    words("run --no-report --quick --scenarios echo --transports sse --duration 100ms --out out"),
    ["env", `${faultVariable}=${fault}`],
  );
  const ended = await process.ended;
  const results = await process.results().catch(() => undefined);
  return { ended, left: readdirSync(folder.path), fault: results?.run.fault };
}

/** Warnings about what was delivered; those about the machine are another matter. */
function deliveryWarnings({ warnings }: Trial): Trial["warnings"] {
  return warnings.filter(({ code }) => deliveryCodes.has(code));
}

const deliveryCodes: ReadonlySet<WarningCode> = new Set([
  "lost",
  "duplicated",
  "reordered",
  "corrupted",
  "clamped",
  "clock",
  "disconnected",
]);
