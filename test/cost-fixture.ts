import { perPart } from "../transports/wire-parts.ts";
import { histogramOf } from "../bench/measure/histogram.ts";
import type { Results, Trial, Wire, Workload } from "../bench/results/schema.ts";
import type { CountedPhase } from "../reports/cost/bytes.ts";
import { figureOf, phaseOf, resourcesOf, resultsOf, trialOf } from "./results-fixture.ts";

// Results of the overhead scenario as arithmetic gives them, for tests of what is computed from them.

/** What a made-up variant sends, in bytes; headers as METHOD.md names them. */
export interface MadeUp {
  readonly name: string;
  readonly reference?: boolean;
  /** Of each poll; left out where messages are pushed. */
  readonly poll?: { readonly request: number; readonly answer: number; readonly empty: number };
  /** Between two polls; left out where polls are held. */
  readonly pollIntervalMs?: number;
  /** Beyond the payload of each message. */
  readonly framing: number;
  /** In an idle phase of 10 s, for each client; a held poll is answered after 5 s. */
  readonly heartbeats?: { readonly down: number; readonly up: number };
  readonly setUp?: { readonly down: number; readonly up: number };
  /** Of the trials' bytes: one of two trials has this much more framing. */
  readonly scatter?: number;
}

export const clients = 10;
export const payloadBytes = 100;
const none = { down: 0, up: 0 };

const workload: Workload = {
  clients,
  ratePerSecond: 20,
  payloadBytes,
  warmUpMs: 100,
  durationMs: 1_000,
  maxConnections: 100,
};

/** METHOD.md, section 2: a frame of W(100) = 2 bytes; heads of 80, 190 and 130 bytes for polls. */
export const websocket: MadeUp = {
  name: "websocket",
  framing: 2,
  heartbeats: { down: 2, up: 6 },
  setUp: { down: 132, up: 160 },
};
const polls = { request: 80, answer: 190, empty: 130 };
export const shortPolling: MadeUp = {
  name: "short-polling",
  poll: polls,
  pollIntervalMs: 1_000,
  framing: 4,
  setUp: { down: 147, up: 73 },
};
export const longPolling: MadeUp = { name: "long-polling", poll: polls, framing: 4 };

export function overheadResults(
  variants: readonly MadeUp[],
  rates: readonly number[] = [2, 20, 200],
): Results {
  return resultsWith(
    variants,
    "overhead",
    variants.flatMap((variant) => [1, 2].map((repetition) => trialFor(variant, rates, repetition))),
  );
}

/** Any trials of these variants, as those of one scenario. */
export function resultsWith(
  variants: readonly MadeUp[],
  scenario: string,
  trials: readonly Trial[],
): Results {
  return resultsOf(trials, {
    variants: variants.map(({ name, poll, pollIntervalMs, reference }) => ({
      name,
      transport: name.split(/[:@+]/)[0] ?? name,
      title: name.split(/[:@+]/)[0] ?? name,
      client: "default",
      delivery: poll === undefined ? "push" : "pull",
      pollIntervalMs: pollIntervalMs ?? null,
      reference: reference ?? false,
      options: {},
    })),
    scenarios: [{ name: scenario, summary: "What does it cost?", workload: "10 clients, 100 B" }],
    cells: variants.map(({ name }) => ({ variant: name, scenario, workload, trials: 2 })),
  });
}

function trialFor(variant: MadeUp, rates: readonly number[], repetition: number): Trial {
  const phases = rates.map((rate) => ratePhase(variant, rate, repetition));
  const overhead = (phase: CountedPhase): number =>
    (phase.wire.total.down + phase.wire.total.up) / phase.deliveries.arrived - payloadBytes;
  const usual = rates.includes(20) ? 20 : rates[0];
  return trialOf(variant.name, {
    scenario: "overhead",
    repetition,
    phases: [setUpPhase(variant), ...phases, idlePhase(variant)],
    figures: [
      figureOf("setUp", 100, { phase: "set-up" }),
      ...phases.map((phase, index) =>
        figureOf(`overhead.at${rates[index]}`, overhead(phase), { phase: phase.name }),
      ),
      figureOf("idle", 1, { phase: "idle" }),
      figureOf("parts.deliveries", 1, { phase: `${usual} msg/s`, table: "parts" }),
    ],
  });
}

function wirePhase(name: string, forMs: number, wire: Partial<Wire["parts"]>): CountedPhase {
  const parts = { ...perPart(() => none), ...wire };
  const phase = phaseOf({ name, durationMs: forMs, clients, rate: null });
  const all = Object.values(parts);
  const total = {
    down: all.reduce((sum, { down }) => sum + down, 0),
    up: all.reduce((sum, { up }) => sum + up, 0),
  };
  return { ...phase, wire: { ...phase.wire, total, parts, messages: 0 } };
}

function setUpPhase({ setUp = none }: MadeUp): CountedPhase {
  return wirePhase("set-up", 50, { setUp: { down: setUp.down * clients, up: setUp.up * clients } });
}

/** Over 10 s, so that there are whole polls. */
function ratePhase(variant: MadeUp, rate: number, repetition: number): CountedPhase {
  const { poll, pollIntervalMs } = variant;
  const seconds = 10;
  const messages = rate * seconds * clients;
  const framing = variant.framing + (repetition === 2 ? (variant.scatter ?? 0) : 0);
  const asked = pollIntervalMs === undefined ? 0 : (seconds * clients * 1_000) / pollIntervalMs;
  const answers = poll === undefined ? 0 : Math.min(messages, asked === 0 ? messages : asked);
  const empty = Math.max(0, asked - answers);
  const phase = wirePhase(`${rate} msg/s`, seconds * 1_000, {
    deliveries: {
      down: messages * (payloadBytes + framing) + answers * (poll?.answer ?? 0),
      up: answers * (poll?.request ?? 0),
    },
    emptyPolls: { down: empty * (poll?.empty ?? 0), up: empty * (poll?.request ?? 0) },
  });
  return {
    ...phase,
    rate: { intended: rate, achieved: rate },
    deliveries: { ...phase.deliveries, arrived: messages, expected: messages, delivered: messages },
    wire: { ...phase.wire, requests: answers + empty, answers, messages },
  };
}

function idlePhase({ poll, pollIntervalMs = 5_000, heartbeats = none }: MadeUp): CountedPhase {
  const seconds = 10;
  const requests = poll === undefined ? 0 : (seconds * clients * 1_000) / pollIntervalMs;
  const phase = wirePhase("idle", seconds * 1_000, {
    emptyPolls: { down: requests * (poll?.empty ?? 0), up: requests * (poll?.request ?? 0) },
    heartbeats: { down: heartbeats.down * clients, up: heartbeats.up * clients },
  });
  return { ...phase, wire: { ...phase.wire, requests } };
}

/** A trial of a steady phase of 1 s: 50 clients with 20 messages, 500 polls if it polls. */
export function latencyTrial(variant: MadeUp, meanMs: number, serverCpuMs: number): Trial {
  const steady = phaseOf({
    name: "steady",
    clients: 50,
    resources: [resourcesOf({ cpuMs: serverCpuMs + 30, turningMs: 30 })],
  });
  const delivery = histogramOf([meanMs * 1e6]);
  return trialOf(variant.name, {
    scenario: "latency",
    phases: [
      {
        ...steady,
        deliveries: { ...steady.deliveries, arrived: 1_000 },
        latency: { ...steady.latency, delivery: { ...delivery, meanNs: meanMs * 1e6 } },
        wire: {
          ...steady.wire,
          requests: variant.poll === undefined ? 0 : 500,
          messages: 1_000,
        },
      },
    ],
    figures: [
      figureOf("delivery.p50", meanMs * 1e6, { unit: "ns", phase: "steady" }),
      figureOf("cpu.server", 1, { unit: "ms", phase: "steady" }),
    ],
  });
}
