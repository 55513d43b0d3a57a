import { numberedParts, ofEach, perPart } from "../transports/wire-parts.ts";
import { histogramOf } from "../bench/measure/histogram.ts";
import type { RecordedConfig } from "../bench/results/recorded-config.ts";
import { resultsFormat, schemaVersion } from "../bench/results/schema.ts";
import type { CountedPhase } from "../reports/cost/bytes.ts";
import type {
  Environment,
  Figure,
  Phase,
  Resources,
  Results,
  Trial,
  Wire,
  Workload,
} from "../bench/results/schema.ts";

// Small results objects made by hand, for tests of what reads them.

const nothing = { down: 0, up: 0 };

export function resourcesOf(overrides: Partial<Resources> = {}): Resources {
  return {
    process: "server",
    durationMs: 1_000,
    cpuMs: 100,
    turningMs: 0,
    busiestThreadMs: 90,
    cores: 2,
    waitedMs: 5,
    utilisation: 0.1,
    busiestSecond: 0.1,
    stealShare: 0,
    throttledMs: 0,
    rssBytes: 50_000_000,
    heapBytes: 10_000_000,
    gcMs: 1,
    gcLongestMs: 0.6,
    gcCount: 2,
    loopDelayP99Ms: 0.5,
    loopDelayMaxMs: 1,
    ...overrides,
  };
}

/** A phase in which 2 clients got each of 20 messages, 1 to 40 µs late. */
export function phaseOf(overrides: Partial<CountedPhase> = {}): CountedPhase {
  const delivery = histogramOf(Array.from({ length: 40 }, (_, index) => (index + 1) * 1_000));
  return {
    name: "steady",
    measured: true,
    durationMs: 1_000,
    clients: 2,
    disconnected: 0,
    deliveries: {
      intended: 20,
      expected: 40,
      delivered: 40,
      lost: 0,
      duplicated: 0,
      reordered: 0,
      corrupted: 0,
      arrived: 40,
    },
    rate: { intended: 20, achieved: 20 },
    latency: {
      delivery,
      transit: delivery,
      lateness: histogramOf(Array.from({ length: 20 }, () => 100)),
      lastClient: histogramOf(Array.from({ length: 20 }, (_, index) => (index + 1) * 2_000)),
    },
    theory: null,
    timeline: { sliceMs: 100, slices: [{ count: 40, meanNs: 20_500, maxNs: 40_000 }] },
    backlog: { messages: 0, sendingMs: 0, receiveQueueBytes: 0 },
    canary: null,
    setUp: histogramOf([]),
    wire: {
      total: { down: 12_000, up: 300 },
      parts: {
        ...perPart(() => nothing),
        deliveries: { down: 11_000, up: 0 },
        heartbeats: { down: 1_000, up: 300 },
      },
      requests: 0,
      answers: 0,
      bodyBytes: 0,
      digitBytes: 0,
      messages: 40,
      sentUp: 0,
      incidental: ofEach(numberedParts, () => nothing),
      connections: 0,
      cycle: null,
      link: null,
    },
    resources: [resourcesOf(), resourcesOf({ process: "load", cpuMs: 60, turningMs: 20 })],
    standStills: [
      { process: "server", longestMs: 26, stoppedMs: 25 },
      { process: "load 1", longestMs: 27, stoppedMs: 25 },
      { process: "director", longestMs: 26, stoppedMs: 25 },
    ],
    othersCpuMs: 10,
    kernelSocketBytes: 4_096,
    ...overrides,
  };
}

/** What crossed the wire in a phase in which it was counted. */
export function wireOf({ name, wire }: Phase): Wire {
  if (wire === null) throw new Error(`nobody counted in ${name}`);
  return wire;
}

export function figureOf(
  key: string,
  value: Figure["value"],
  overrides: Partial<Figure> = {},
): Figure {
  return {
    key,
    table: "",
    label: key,
    unit: "bytes",
    better: "lower",
    value,
    bound: "exact",
    ...overrides,
  };
}

export function trialOf(variant: string, overrides: Partial<Trial> = {}): Trial {
  return {
    variant,
    scenario: "latency",
    repetition: 1,
    startedAt: "2026-11-23T08:30:05.000Z",
    durationMs: 5_000,
    outcome: { status: "valid" },
    clocks: [{ process: "server", shared: true, boundNs: 40_000 }],
    warnings: [],
    phases: [],
    figures: [],
    ...overrides,
  };
}

const workload: Workload = {
  clients: 2,
  ratePerSecond: 20,
  payloadBytes: 256,
  warmUpMs: 100,
  durationMs: 1_000,
  maxConnections: 100,
};

const configuration: RecordedConfig = {
  variants: ["sse"],
  scenarios: [
    {
      name: "latency",
      workload: { clients: 50, ratePerSecond: 20, payloadBytes: 256 },
      trials: null,
      durationShare: null,
    },
  ],
  clients: 2,
  ratePerSecond: 20,
  payloadBytes: 256,
  durationMs: 1_000,
  warmUpMs: 100,
  trials: null,
  usualTrials: 3,
  extraTrials: null,
  maxConnections: 100,
  patienceMs: 31_000,
  precision: null,
};

export const environment: Environment = {
  host: {
    platform: "linux",
    kernel: "6.1.0",
    architecture: "x64",
    cpu: "Example CPU",
    cores: 4,
    memoryBytes: 8_000_000_000,
    hypervisor: "none",
    governor: "performance",
    cgroup: { cpuCores: null, memoryBytes: null },
    clockSource: "tsc",
    loadBefore: 0.1,
    loadAfter: 0.2,
    stealShare: 0,
    openFilesLimit: 1_024,
    openFilesHardLimit: 4_096,
    portRange: [32_768, 60_999],
    acceptBacklog: 4_096,
    loopbackAddresses: 4,
    tcpMemory: {
      totalPages: [100_000, 200_000, 300_000],
      receiveBytes: [4_096, 131_072, 6_291_456],
      sendBytes: [4_096, 16_384, 4_194_304],
    },
    congestionControl: "cubic",
  },
  software: {
    transportBench: "0.1.0",
    versions: { node: "20.19.0" },
    libraries: { ws: "8.18.0" },
    nodeOptions: "",
    execArgv: [],
    lockfileSha256: null,
    commit: null,
    programs: {},
    tls: null,
  },
};

/** The results of trials of the scenario `latency`; variants in the order of their first trial. */
export function resultsOf(trials: readonly Trial[], overrides: Partial<Results> = {}): Results {
  const names = [...new Set(trials.map(({ variant }) => variant))];
  return {
    format: resultsFormat,
    schemaVersion,
    run: {
      status: "complete",
      startedAt: "2026-11-23T08:30:00.000Z",
      finishedAt: "2026-11-23T08:31:00.000Z",
      command: "npx bench run --seed 7",
      seed: 7,
      profile: "default",
      configuration,
      precision: null,
      fault: null,
      netns: false,
      notes: [],
      target: null,
      pairing: null,
    },
    // Of its own: tests change it, and share this module.
    environment: structuredClone(environment),
    variants: names.map((name) => ({
      name,
      transport: name.split(/[:@+]/)[0] ?? name,
      title: name.split(/[:@+]/)[0] ?? name,
      client: "default",
      delivery: "push",
      pollIntervalMs: null,
      reference: false,
      options: {},
    })),
    scenarios: [{ name: "latency", summary: "How late?", workload: "2 clients, 20 msg/s, 256 B" }],
    cells: names.map((variant) => ({
      variant,
      scenario: "latency",
      workload,
      trials: trials.filter((trial) => trial.variant === variant).length,
    })),
    trials: [...trials],
    ...overrides,
  };
}

/** A valid trial for each of `values`, with `key` as its only figure. */
export function trialsOf(
  variant: string,
  key: string,
  values: readonly Figure["value"][],
  overrides: Partial<Figure> = {},
): Trial[] {
  return values.map((value, index) =>
    trialOf(variant, { repetition: index + 1, figures: [figureOf(key, value, overrides)] }),
  );
}
