import { uncounted } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Answer, Figure, MeasuredPhase, Scenario, Stage, Workload } from "./scenario.ts";

/** Requests of a chain: each is made of what the answer before asked for. */
export const calls = 20;

/** What comes first: instructions, and what the tools are. */
const openingBytes = 8_192;

const tokens = 20;

/** "1 token ~= 4 chars in English": https://help.openai.com/en/articles/4936856 */
const tokenBytes = 4;

interface History {
  readonly key: "whole" | "new";
  readonly phase: string;
  readonly table?: string;
}

/** What goes up with each request; the first has the scenario's own table. */
const histories: readonly History[] = [
  { key: "whole", phase: "whole history" },
  {
    key: "new",
    phase: "only what is new",
    table: "the same, with only what is new in each request",
  },
];

export const toolCalls: Scenario = defineScenario({
  name: "tool-calls",
  summary: "Chains of requests that depend on each other: what do transport and history cost?",
  workload: { clients: 4, ratePerSecond: 300, payloadBytes: 2_048 },
  measures: "time",
  onlyWhenNamed: true,
  transports: ["", "+tls", "+tls+resume"].flatMap((layers) => [
    `websocket${layers}`,
    `streaming+method=post${layers}`,
  ]),
  describe: ({ clients, ratePerSecond, payloadBytes }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${calls} calls a chain on a connection of its own, ` +
    `${openingBytes} B and then ${payloadBytes} B new in each, answers of ${tokens} tokens at ${ratePerSecond}/s`,
  async play(stage) {
    await stage.warmUp(() => playChains(stage, "new", 2));
    for (const history of histories) {
      const phase = await stage.phase(history.phase, () =>
        playChains(stage, history.key, chainsIn(stage.workload)),
      );
      for (const figure of figuresOf(phase, history, stage.workload)) stage.figure(figure);
    }
  },
});

/** Each chain begins with a connection, so that what that takes is in it. */
async function playChains(stage: Stage, history: History["key"], chains: number): Promise<void> {
  const { clients, payloadBytes } = stage.workload;
  const promptBytes = history === "whole" ? wholeBytes(payloadBytes) : newBytes(payloadBytes);
  for (let chain = 0; chain < chains; chain += 1) {
    await stage.clients.connect(clients, { channels: "own", prompts: true });
    await stage.clients.prompt({
      requests: calls,
      promptBytes,
      answer: answerIn(stage.workload),
      pauseMs: 0,
      chained: true,
    });
    await stage.clients.disconnect();
  }
}

function answerIn({ ratePerSecond }: Pick<Workload, "ratePerSecond">): Answer {
  return { firstTokenMs: 10, tokens, tokensPerSecond: ratePerSecond, format: "json" };
}

/** What a chain takes by its schedule alone. */
function scheduledMs(workload: Pick<Workload, "ratePerSecond">): number {
  const { firstTokenMs, tokensPerSecond } = answerIn(workload);
  return calls * (firstTokenMs + (1_000 * (tokens - 1)) / tokensPerSecond);
}

/** How many of each client's fit into half of the time, one after another; two at least. */
function chainsIn(workload: Workload): number {
  return Math.max(2, Math.round(workload.durationMs / 2 / scheduledMs(workload)));
}

/** By request: the opening, and then the result of a tool. */
export function newBytes(resultBytes: number): number[] {
  return Array.from({ length: calls }, (_, call) => (call === 0 ? openingBytes : resultBytes));
}

/** By request: all that went up and came down before, and what is new. */
export function wholeBytes(resultBytes: number): number[] {
  const perCall = tokens * tokenBytes + resultBytes;
  return Array.from({ length: calls }, (_, call) => openingBytes + call * perCall);
}

const words = {
  states: `${calls} calls that depend on each other take {value} on average`,
  leads: `${calls} calls that depend on each other take least with {variant}: {value} on average`,
};

const broken = "not all answers came whole";

/** The mean: every part of a chain is in it once, whatever it was that took long. Null where an answer is missing. */
function chainTime({ tokens: asked, meanSetUpNs }: MeasuredPhase): number | null {
  if (asked === null || asked.answers < asked.requests) return null;
  if (meanSetUpNs === null || asked.meanAnswerNs === null) return null;
  return meanSetUpNs + calls * asked.meanAnswerNs;
}

function figuresOf(
  phase: MeasuredPhase,
  { key, table }: History,
  workload: Pick<Workload, "ratePerSecond">,
): Figure[] {
  const common = { phase: phase.name, ...(table !== undefined && { table }) };
  const chainNs = chainTime(phase);
  const chains = (phase.tokens?.requests ?? 0) / calls;
  const { wire } = phase;
  const bytes = (name: string, label: string, value: number | null): Figure => ({
    ...common,
    key: `${key}.${name}`,
    label,
    unit: "bytes",
    better: "lower",
    value: value === null || chains === 0 ? null : value / chains,
    about: "of a chain, with its connection",
    ...(phase.wire === null && { note: uncounted }),
  });
  return [
    {
      ...common,
      key: `${key}.time`,
      label: "a chain,\nmean",
      unit: "ns",
      better: "lower",
      value: chainNs,
      about: "from dialling until the last answer is whole",
      ...(chainNs === null && { note: broken }),
      ...(key === "whole" && { headline: true, words }),
    },
    {
      ...common,
      key: `${key}.dial`,
      label: "of it,\ndialling",
      unit: "ns",
      better: "lower",
      value: phase.meanSetUpNs,
      about: "until the client is connected, TCP and TLS with it",
    },
    {
      ...common,
      key: `${key}.own`,
      label: "beside what\ntokens take",
      unit: "ns",
      better: "lower",
      value: chainNs === null ? null : chainNs - scheduledMs(workload) * 1e6,
      about: "what is left of the time when tokens come exactly when they are due",
      ...(chainNs === null && { note: broken }),
    },
    bytes("bytes", "both ways,\nB", wire && wire.bytes.down + wire.bytes.up),
    bytes("up", "up, B", wire && wire.bytes.up),
    bytes("down", "down, B", wire && wire.bytes.down),
  ];
}
