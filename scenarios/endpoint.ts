import { heldBack, heldText } from "./endpoint-buffer.ts";
import { defineScenario } from "./scenario.ts";
import type { EndpointMeasured, Figure, Scenario, Times } from "./scenario.ts";

const inTurns = "at a time";
const onArrival = "arrivals";

export const endpoint: Scenario = defineScenario({
  name: "endpoint",
  summary: "Your own endpoint as it is: when do its tokens come, and how many at once?",
  workload: { clients: 4, ratePerSecond: 1, payloadBytes: 256 },
  measures: "time",
  trials: 3,
  asksEndpoint: true,
  transports: ["openai"],
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond }) =>
    `${clients} at a time, then ${ratePerSecond}/s with at most ${clients} at a time, of your own request`,
  async play(stage) {
    const { clients, ratePerSecond, durationMs: forMs } = stage.workload;
    const turns = await stage.phase(inTurns, () => stage.endpoint.ask({ clients, forMs }));
    const first = turns.endpoint;
    if (first !== null && first.requests > 0 && first.whole === 0) throw nothingWhole(first);
    const arrivals = await stage.phase(onArrival, () =>
      stage.endpoint.ask({ clients, forMs, ratePerSecond }),
    );
    for (const figure of figuresOf(first ?? nothing, "", inTurns)) stage.figure(figure);
    stage.figure(bufferFigure(first));
    for (const figure of waitFigures(arrivals.endpoint ?? nothing)) stage.figure(figure);
    const rest = figuresOf(arrivals.endpoint ?? nothing, "rate.", onArrival);
    for (const figure of rest) stage.figure(figure);
  },
});

const noTimes: Times = { count: 0, medianNs: null, longestNs: null, at: () => null };

/** Before anything is played. */
const nothing: EndpointMeasured = {
  requests: 0,
  unsent: 0,
  whole: 0,
  failed: {},
  said: {},
  tokens: 0,
  asides: {},
  bytes: { down: 0, up: 0 },
  connections: 0,
  wait: null,
  firstByte: noTimes,
  firstToken: noTimes,
  firstTokenDue: null,
  answer: noTimes,
  gaps: noTimes,
  stalls: 0,
  pace: noTimes,
  reads: 0,
  mostInRead: 0,
  groups: [],
  fields: {},
};

/** There is nothing to be measured: a wrong key is nothing that a table should tell. */
function nothingWhole({ failed, said }: EndpointMeasured): Error {
  const [kind = "", detail = ""] = Object.entries(said)[0] ?? [];
  return new Error(`no answer came whole: ${failuresText(failed)}; ${kind}: ${detail}`);
}

const mainTable = "";
const firstTable = "until the first byte and the first token";
const burstTable = "stalls, tokens that come together, and their bytes";
const answerTable = "answers";

function arrivalsTable(table: string): string {
  return table === mainTable ? "arrivals at a rate" : `arrivals at a rate: ${table}`;
}

/** What both ways of asking have; keys of the second begin with `prefix`. */
function figuresOf(asked: EndpointMeasured, prefix: string, phase: string): Figure[] {
  const isFirst = prefix === "";
  const place = (table: string): Pick<Figure, "phase" | "table"> => ({
    phase,
    table: isFirst ? table : arrivalsTable(table),
  });
  const few = "too few answers for this percentile";
  const { firstByte, firstToken, answer, gaps, pace, tokens, whole, bytes, reads } = asked;
  const median = (key: string, label: string, { medianNs }: Times): Figure => ({
    ...place(mainTable),
    key: `${prefix}${key}.p50`,
    label: `${label},\nhalf within`,
    unit: "ns",
    better: "lower",
    value: medianNs,
  });
  const p99 = (key: string, label: string, times: Times, table: string): Figure => ({
    ...place(table),
    key: `${prefix}${key}.p99`,
    label: `${label},\n99 % within`,
    unit: "ns",
    better: "lower",
    value: times.at(0.99),
    ...(times.at(0.99) === null && { note: few }),
  });
  const each = (sum: number): number | null => (tokens === 0 ? null : sum / tokens);
  return [
    median("ttfb", "first byte", firstByte),
    p99("ttfb", "first byte", firstByte, firstTable),
    {
      ...median("ttft", "first token", firstToken),
      ...(isFirst && { headline: true, words }),
    },
    p99("ttft", "first token", firstToken, firstTable),
    {
      ...place(firstTable),
      key: `${prefix}ttft.max`,
      label: "first token,\nlongest",
      unit: "ns",
      better: "lower",
      value: firstToken.longestNs,
    },
    median("gap", "gap", gaps),
    p99("gap", "gap", gaps, mainTable),
    {
      ...place(mainTable),
      key: `${prefix}stall`,
      label: "longest\ngap",
      unit: "ns",
      better: "lower",
      value: gaps.longestNs,
    },
    {
      ...place(burstTable),
      key: `${prefix}over250`,
      label: "gaps over\n250 ms",
      unit: "percent",
      better: "lower",
      value: gaps.count === 0 ? null : (100 * asked.stalls) / gaps.count,
    },
    {
      ...place(mainTable),
      key: `${prefix}pace`,
      label: "tokens/s of\nan answer",
      unit: "per second",
      better: "higher",
      value: pace.medianNs === null || pace.medianNs === 0 ? null : 1e9 / pace.medianNs,
      about: "of half of the answers at least, from the first token to the last",
    },
    {
      ...place(burstTable),
      key: `${prefix}burst`,
      label: "tokens that\ncome together",
      unit: "percent",
      better: "lower",
      value: tokens === 0 ? null : (100 * (tokens - reads)) / tokens,
      about: "in one read of the connection, with the token before them",
    },
    {
      ...place(burstTable),
      key: `${prefix}burst.max`,
      label: "most\nat once",
      unit: "count",
      better: "lower",
      value: reads === 0 ? null : asked.mostInRead,
    },
    {
      ...place(burstTable),
      key: `${prefix}bytes.token`,
      label: "bytes\nper token",
      unit: "bytes",
      better: "lower",
      value: each(bytes.down),
      about: "on the connections, with heads, framing and TLS, but no handshakes",
    },
    {
      ...place(burstTable),
      key: `${prefix}bytes.request`,
      label: "bytes of\na request",
      unit: "bytes",
      better: "lower",
      value: whole === 0 ? null : bytes.up / whole,
    },
    {
      ...place(mainTable),
      key: `${prefix}whole`,
      label: "whole",
      unit: "count",
      better: "higher",
      value: whole,
    },
    {
      ...place(mainTable),
      key: `${prefix}failed`,
      label: "failed",
      unit: "count",
      better: "lower",
      value: asked.requests - whole,
    },
    {
      ...place(answerTable),
      key: `${prefix}failures`,
      label: "failed\nby kind",
      unit: "text",
      better: "neither",
      value: failuresText(asked.failed) || null,
      note: saidText(asked.said) || "none failed",
    },
    {
      ...place(answerTable),
      key: `${prefix}tokens`,
      label: "tokens of\nan answer",
      unit: "count",
      better: "neither",
      value: whole === 0 ? null : tokens / whole,
    },
    {
      ...place(answerTable),
      key: `${prefix}answer`,
      label: "whole answer,\nhalf within",
      unit: "ns",
      better: "lower",
      value: answer.medianNs,
    },
  ];
}

const words = {
  states: "half of the answers have their first token within {value}",
  leads: "first tokens come soonest with {variant}: half within {value}",
};

/** What became of requests that were due while all clients were busy. */
function waitFigures({ wait, firstTokenDue, unsent, requests }: EndpointMeasured): Figure[] {
  const place = { phase: onArrival, table: arrivalsTable("waiting for one of the clients") };
  const times = wait ?? noTimes;
  return [
    {
      ...place,
      key: "wait.p50",
      label: "wait,\nhalf within",
      unit: "ns",
      better: "lower",
      value: times.medianNs,
      about: "from when a request was due until one of the clients was free to send it",
    },
    {
      ...place,
      key: "wait.max",
      label: "wait,\nlongest",
      unit: "ns",
      better: "lower",
      value: times.longestNs,
    },
    {
      ...place,
      key: "due.p50",
      label: "due to first\ntoken, half",
      unit: "ns",
      better: "lower",
      value: firstTokenDue?.medianNs ?? null,
      about: "half of the answers have their first token within this time of when they were due",
    },
    {
      ...place,
      key: "due.max",
      label: "due to first\ntoken, longest",
      unit: "ns",
      better: "lower",
      value: firstTokenDue?.longestNs ?? null,
    },
    {
      ...place,
      key: "unsent",
      label: "never\nsent",
      unit: "count",
      better: "lower",
      value: requests + unsent === 0 ? null : unsent,
      about: "all clients were busy for as long again as requests were due: --clients bounds them",
    },
  ];
}

function bufferFigure(asked: EndpointMeasured | null): Figure {
  const held = asked === null ? null : heldBack(asked);
  const unseen = asked === null ? null : "none seen";
  return {
    key: "buffer",
    phase: inTurns,
    table: "whether something holds tokens back",
    label: "held back",
    unit: "text",
    better: "neither",
    value: held === null ? unseen : heldText(held),
    note: held === null ? "nothing shows that anything does" : held.reasons.join("; "),
  };
}

/** `status 429 (3), cut (1)`; empty for none. */
function failuresText(failed: EndpointMeasured["failed"]): string {
  const all = Object.entries(failed).toSorted(([, a], [, b]) => b - a);
  return all.map(([kind, count]) => `${kind} (${count})`).join(", ");
}

function saidText(said: EndpointMeasured["said"]): string {
  return Object.entries(said)
    .map(([kind, detail]) => `${kind}: ${detail}`)
    .join("; ");
}
