import { latency, unknownServer, uncounted } from "./figures.ts";
import type { Figure, MeasuredPhase, Stage } from "./scenario.ts";
import type { StreamSearch } from "./stream-search.ts";
import { bufferText, tokenBufferIn } from "./token-buffer.ts";
import type { TokenBuffer } from "./token-buffer.ts";

/** A phase at a mean rate, in tokens a second. */
export interface TokenPhase {
  readonly rate: number;
  /** Whether it is the one that figures are of where nothing else is said. */
  readonly isMain: boolean;
  readonly phase: MeasuredPhase;
}

/** So late, in milliseconds: a share of the tokens each. */
const lateMs = [50, 100, 250] as const;

const lateTable = "how late tokens are, and how many are later than a user may notice";
const gapTable = "tokens that wait for one another";
const costTable = "what tokens cost";

/** `brokenOff` says why the search couldn't be completed. */
export function tokenFigures(
  stage: Stage,
  phases: readonly TokenPhase[],
  search: StreamSearch,
  brokenOff: string | null,
): Figure[] {
  const main = phases.find(({ isMain }) => isMain)?.phase;
  if (main === undefined) return [];
  return [
    ...firstFigures(main),
    streamsFigure(search, brokenOff),
    limitFigure(search, brokenOff),
    bufferFigure(stage, phases),
    ...lateFigures(main),
    ...gapFigures(main),
    ...costFigures(main),
    ...phases.flatMap(rateFigures),
  ];
}

/** Both ends are at the client. */
function first({ name, tokens }: MeasuredPhase, key: string, q: number, table?: string): Figure {
  const value = tokens?.firstToken(q) ?? null;
  return {
    key: `ttft.${key}`,
    phase: name,
    ...(table !== undefined && { table }),
    label: `first token\n(${key})`,
    unit: "ns",
    better: "lower",
    value,
    about:
      "from when a request was due until its first token, which the server has ready after --first-token",
    ...(value === null && {
      note: "too few requests for this percentile: give more --clients or --duration",
    }),
  };
}

function firstFigures(phase: MeasuredPhase): Figure[] {
  return [
    first(phase, "p50", 0.5),
    first(phase, "p90", 0.9),
    {
      key: "late.p99",
      phase: phase.name,
      label: "99 % of tokens\nno later than",
      ...latency(phase.delivery(0.99)),
      oneWay: false,
      about: lateAbout,
      headline: true,
      words: {
        states: "99 % of the tokens come no more than {value} late",
        leads: "tokens come soonest with {variant}: 99 % no more than {value} late",
      },
      adds: "{value} lateness (p99)",
    },
  ];
}

const lateAbout =
  "how much later than it was due each token came, with all that its prompt took on its way up";

function streamsFigure(search: StreamSearch, brokenOff: string | null): Figure {
  const { served, objectiveMs } = search;
  return {
    key: "streams",
    label: "streams\nserved",
    unit: "count",
    better: "higher",
    value: served?.streams ?? null,
    about: `the most streams at once of which one server brings 99 % of the tokens within ${objectiveMs} ms of when they are due, and all of them`,
    ...search.bound(brokenOff),
  };
}

function limitFigure(search: StreamSearch, brokenOff: string | null): Figure {
  return {
    key: "limit",
    label: "limit",
    unit: "text",
    better: "neither",
    value: brokenOff === null ? (search.limit?.name ?? "not reached") : "broken off",
  };
}

/** Of the phase in which most is held. */
function bufferFigure({ transport }: Stage, phases: readonly TokenPhase[]): Figure {
  const { delivery, pollIntervalMs, batchMs } = transport;
  const known = { delivery, pollIntervalMs, batchMs };
  const buffers = phases.flatMap(({ phase }) => tokenBufferIn(phase, known) ?? []);
  const [largest] = buffers.toSorted(byLongest);
  const came = phases.some(({ phase }) => (phase.tokens?.received ?? 0) > 0);
  return {
    key: "buffer",
    label: "buffer",
    unit: "text",
    better: "neither",
    value: largest === undefined ? (came ? "none" : null) : bufferText(largest),
    about: "whether something between the server and its clients lets tokens wait for one another",
    ...(!came && { note: "no token came" }),
    ...(came && largest === undefined && batchMs > 0 && { note: gathered(batchMs) }),
  };
}

function byLongest(one: TokenBuffer, other: TokenBuffer): number {
  return other.longestMs - one.longestMs;
}

function gathered(batchMs: number): string {
  return `none beside the ${batchMs} ms for which servers gather messages (+batch)`;
}

/** Those that didn't come are later than anything. */
function lateFigures(phase: MeasuredPhase): Figure[] {
  const { tokens } = phase;
  const percentile = (key: string, q: number): Figure => ({
    key: `late.${key}`,
    phase: phase.name,
    table: lateTable,
    label: `late\n(${key})`,
    ...latency(phase.delivery(q)),
    oneWay: false,
    about: lateAbout,
  });
  const over = (ms: number): Figure => {
    const later = tokens?.laterThan(ms) ?? null;
    const isKnown = tokens !== null && tokens.expected > 0 && later !== null;
    return {
      key: `late.over${ms}`,
      phase: phase.name,
      table: lateTable,
      label: `later than\n${ms} ms`,
      unit: "percent",
      better: "lower",
      value: isKnown ? (100 * (later * tokens.received + tokens.lost)) / tokens.expected : null,
      about: "of the tokens that were due; those that didn't come among them",
    };
  };
  return [
    first(phase, "p99", 0.99, lateTable),
    percentile("p50", 0.5),
    percentile("p90", 0.9),
    ...lateMs.map(over),
  ];
}

function gapFigures({ name: phase, tokens }: MeasuredPhase): Figure[] {
  const common = { phase, table: gapTable, better: "lower" } as const;
  return [
    {
      ...common,
      key: "stall",
      label: "longest\nstall",
      unit: "ns",
      value: tokens?.longestStallNs ?? null,
      about:
        "the longest gap between two tokens of an answer, less the gap by which they were due apart",
    },
    {
      ...common,
      key: "together",
      label: "came\ntogether",
      unit: "percent",
      value:
        tokens === null || tokens.together.apart === 0
          ? null
          : (100 * tokens.together.tokens) / tokens.together.apart,
      about:
        "of the tokens that were due more than 5 ms after the one before, those that came within 1 ms of it",
    },
    {
      ...common,
      key: "together.largest",
      label: "most at\nonce",
      unit: "count",
      value: tokens?.together.largest ?? null,
      about: "the most tokens that came together though they were due apart",
    },
    {
      ...common,
      key: "together.held",
      label: "held\nfor",
      unit: "ns",
      value: tokens?.together.longestNs ?? null,
      about: "the longest time by which the first of them was due before the last",
    },
  ];
}

function costFigures(phase: MeasuredPhase): Figure[] {
  const { wire, tokens, name, serverCpuMs, loadCpuMs } = phase;
  const common = { phase: name, table: costTable, better: "lower" } as const;
  const [received, answers] = [tokens?.received ?? 0, tokens?.answers ?? 0];
  const noBytes = wire === null && { note: uncounted };
  const cpu = (key: string, label: string, cpuMs: number | null): Figure => ({
    ...common,
    key: `cpu.${key}`,
    label,
    unit: "ms",
    value: received === 0 || cpuMs === null ? null : (1_000 * cpuMs) / received,
    about: "CPU time for a thousand tokens, without busy-waiting for due times",
    ...(cpuMs === null && { note: unknownServer }),
  });
  return [
    {
      ...common,
      key: "bytes.token",
      label: "bytes per\ntoken",
      unit: "bytes",
      value: wire === null || received === 0 ? null : wire.bytes.down / received,
      about: "of all that came down, with its text and what ends an answer",
      ...noBytes,
    },
    {
      ...common,
      key: "bytes.answer",
      label: "bytes per\nanswer",
      unit: "bytes",
      value: wire === null || answers === 0 ? null : (wire.bytes.down + wire.bytes.up) / answers,
      about: "both ways, with its prompt",
      ...noBytes,
    },
    cpu("server", "server CPU\n/1000 tokens", serverCpuMs),
    cpu("client", "client CPU\n/1000 tokens", loadCpuMs),
  ];
}

/** What depends on the rate: a column in each table. */
function rateFigures({ rate, phase }: TokenPhase): Figure[] {
  const { tokens, wire } = phase;
  const at = (key: string, table: string): Pick<Figure, "key" | "table" | "label" | "phase"> => ({
    key: `${key}.at${rate}`,
    table,
    label: `${rate}/s`,
    phase: phase.name,
  });
  const received = tokens?.received ?? 0;
  return [
    {
      ...at("late.p99", "99 % of tokens no later than, at each rate of tokens"),
      ...latency(phase.delivery(0.99)),
      oneWay: false,
    },
    {
      ...at("stall", "longest stall at each rate"),
      unit: "ns",
      better: "lower",
      value: tokens?.longestStallNs ?? null,
    },
    {
      ...at("bytes.token", "bytes per token at each rate"),
      unit: "bytes",
      better: "lower",
      value: wire === null || received === 0 ? null : wire.bytes.down / received,
    },
  ];
}
