import { uncounted } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type {
  Answer,
  AtCut,
  Figure,
  MeasuredPhase,
  Scenario,
  Stage,
  Workload,
} from "./scenario.ts";

/** How clients come back. */
const backoff = { policy: "fixed", baseMs: 100, capMs: 100 } as const;

const promptBytes = 4_096;

const firstTokenMs = 200;

interface Way {
  readonly atCut: AtCut;
  readonly phase: string;
  readonly resume: boolean;
  /** The scenario's own when left out. */
  readonly table?: string;
}

/** What clients do whose answer was cut. */
const ways: readonly Way[] = [
  { atCut: "resume", phase: "resumed", resume: true },
  {
    atCut: "again",
    phase: "from the start",
    resume: false,
    table: "the same, with answers that are asked for again, from the start",
  },
  {
    atCut: "lose",
    phase: "lost",
    resume: false,
    table: "the same, with answers that are given up",
  },
];

export const tokensResume: Scenario = defineScenario({
  name: "tokens-resume",
  summary: "Answers are cut in mid-stream: resumed, asked for again, or lost?",
  workload: { clients: 20, ratePerSecond: 80, payloadBytes: 200 },
  measures: "time",
  durationShare: 0.4,
  usesNetwork: true,
  onlyWhenNamed: true,
  transports: ["websocket", "sse", "sse+method=post", "streaming+method=post", "long-polling"],
  describe: (workload) => {
    const { tokens, tokensPerSecond } = answerIn(workload);
    const { clients } = workload;
    return (
      `${clients} ${clients === 1 ? "client" : "clients"}, an answer of ${tokens} tokens at ${tokensPerSecond}/s for each, ` +
      `cut when half of it was due, back after ${backoff.baseMs} ms`
    );
  },
  async play(stage) {
    await connect(stage, false);
    await stage.warmUp(() => warmUp(stage));
    const uncut = await stage.phase("uncut", () => ask(stage, stage.workload.durationMs));
    for (const way of ways) {
      await stage.clients.disconnect();
      await connect(stage, way.resume);
      const phase = await stage.phase(way.phase, async () => {
        await Promise.all([
          ask(stage, stage.workload.durationMs, way.atCut),
          stage.network.cut({ how: "reset", afterMs: cutAfterMs(stage.workload) }),
        ]);
      });
      for (const figure of figuresOf(phase, uncut, way)) stage.figure(figure);
    }
    await stage.clients.disconnect();
  },
});

async function connect(stage: Stage, resume: boolean): Promise<void> {
  await stage.clients.comeBack({ ...backoff, resume });
  await stage.clients.connect(stage.workload.clients, { channels: "own", prompts: true });
}

/** Chained, so that all answers begin together, and a cut finds each at its half. */
async function ask(stage: Stage, forMs: number, atCut?: AtCut): Promise<void> {
  await stage.clients.prompt({
    requests: 1,
    promptBytes,
    answer: answerIn({ ...stage.workload, durationMs: forMs }),
    pauseMs: 0,
    chained: true,
    ...(atCut !== undefined && { atCut }),
  });
}

/** Many short answers: what is new to code that hasn't run often would be in the first phase alone, which others are held against. */
async function warmUp({ clients, workload }: Stage): Promise<void> {
  const answer = { ...answerIn(workload), firstTokenMs: 10, tokens: 5 };
  const answerMs = answer.firstTokenMs + (1_000 * (answer.tokens - 1)) / answer.tokensPerSecond;
  const requests = Math.max(10, Math.round(workload.warmUpMs / answerMs));
  await clients.prompt({ requests, promptBytes, answer, pauseMs: 0, chained: true });
}

/** One that takes as long as a phase is to. */
function answerIn({ ratePerSecond, durationMs }: Workload): Answer {
  const streamedMs = Math.max(0, durationMs - firstTokenMs);
  const tokens = Math.max(2, 1 + Math.round((streamedMs * ratePerSecond) / 1_000));
  return { firstTokenMs, tokens, tokensPerSecond: ratePerSecond, format: "json" };
}

function cutAfterMs(workload: Workload): number {
  const { tokens, tokensPerSecond } = answerIn(workload);
  return firstTokenMs + (500 * (tokens - 1)) / tokensPerSecond;
}

type Common = Pick<Figure, "phase" | "table">;

function figuresOf(phase: MeasuredPhase, uncut: MeasuredPhase, way: Way): Figure[] {
  const { atCut, table } = way;
  const common = { phase: phase.name, ...(table !== undefined && { table }) };
  const { requests = 0, lost, again, cuts = null } = phase.tokens ?? {};
  const perAnswer = (total: number | undefined): number | null =>
    total === undefined || requests === 0 ? null : total / requests;
  const counted = (key: string, label: string, value: number | null, about?: string): Figure => ({
    ...common,
    key: `${atCut}.${key}`,
    label,
    unit: "count",
    better: key === "lost" || key === "repeated" ? "lower" : "neither",
    value,
    ...(about !== undefined && { about }),
    ...(value === null && { note: nothingAsked }),
  });
  return [
    ...(atCut === "lose" ? [] : timeFigures(phase, uncut, way, common)),
    counted("lost", "lost,\ntokens/answer", perAnswer(lost)),
    counted(
      "repeated",
      "once more,\ntokens/answer",
      perAnswer(again),
      "received though its client had them",
    ),
    bytesFigure(phase, uncut, way, common),
    counted("cut", "answers\ncut", cuts?.answers ?? 0, cutAbout),
    counted("whole", "whole", phase.tokens?.answers ?? null, "answers of which every token came"),
    counted("answers", "of\nanswers", phase.tokens?.requests ?? null),
  ];
}

const cutAbout = "polls are asked again by themselves: they cut no answer";

/** By how much later an answer was whole, and when its tokens went on. */
function timeFigures(
  phase: MeasuredPhase,
  uncut: MeasuredPhase,
  { atCut }: Way,
  common: Common,
): Figure[] {
  const [cutNs, uncutNs] = [phase.tokens?.meanAnswerNs ?? null, uncut.tokens?.meanAnswerNs ?? null];
  const time = (key: string, label: string, value: number | null, about: string): Figure => ({
    ...common,
    key: `${atCut}.${key}`,
    label,
    unit: "ns",
    better: "lower",
    value,
    about,
    ...(value === null && { note: key === "goesOn.p50" ? nothingCut : nothingWhole }),
    ...(key === "later" && atCut === "resume" && { headline: true, words }),
  });
  return [
    time(
      "later",
      "whole\nlater by",
      cutNs === null || uncutNs === null ? null : cutNs - uncutNs,
      "the mean time of an answer, less that of answers that weren't cut",
    ),
    time(
      "goesOn.p50",
      "half go on\nafter (p50)",
      phase.tokens?.cuts?.untilGoesOn(0.5) ?? null,
      "from the cut until the first token that the client didn't have",
    ),
  ];
}

const words = {
  states: "answers that are cut and resumed are whole {value} later",
  leads: "answers that are cut and resumed are whole soonest with {variant}: {value} later",
};

/** All that a cut costs, the connection, the prompt and the tokens once more. */
function bytesFigure(
  { wire, tokens }: MeasuredPhase,
  { wire: before }: MeasuredPhase,
  { atCut }: Way,
  common: Common,
): Figure {
  const answers = tokens?.requests ?? 0;
  const all = (crossed: NonNullable<MeasuredPhase["wire"]>): number =>
    crossed.bytes.down + crossed.bytes.up;
  const isKnown = wire !== null && before !== null && answers > 0;
  return {
    ...common,
    key: `${atCut}.bytes`,
    label: "more\nB/answer",
    unit: "bytes",
    better: "lower",
    value: isKnown ? (all(wire) - all(before)) / answers : null,
    about:
      "both ways, than an answer takes that isn't cut: less than nothing where the rest never comes",
    ...(wire === null ? { note: uncounted } : !isKnown && { note: nothingAsked }),
  };
}

const nothingCut = "too few answers were cut";
const nothingWhole = "no answer came whole";
const nothingAsked = "nobody asked";
