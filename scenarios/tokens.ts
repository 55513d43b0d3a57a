import { defineScenario } from "./scenario.ts";
import type { Answer, Scenario, Workload } from "./scenario.ts";
import { searchAndState } from "./search-and-state.ts";
import { StreamSearch } from "./stream-search.ts";
import { tokenFigures } from "./token-figures.ts";
import type { TokenPhase } from "./token-figures.ts";

/** Besides that of the workload, in tokens a second. */
const slowest = 20;
const fastest = 300;

/** Where it isn't said how many tokens an answer has, so many seconds' worth. */
const usualAnswerS = 0.75;

const usualFirstTokenMs = 200;

/** A user reads the end of an answer, and asks again. */
const pauseMs = 200;

export const tokens: Scenario = defineScenario({
  name: "tokens",
  summary: "Answers of language models, token by token: how late is each, and how many streams?",
  workload: { clients: 50, ratePerSecond: 80, payloadBytes: 1_024 },
  // So that each client asks twice.
  durationShare: 0.7,
  measures: "time",
  onlyWhenNamed: true,
  takes: ["objectiveMs", "promptBytes", "tokens", "tokenRates", "firstTokenMs", "tokenFormat"],
  transports: ["streaming+method=post", "sse+method=post", "sse", "websocket", "long-polling"],
  describe: (workload) => {
    const { clients, tokenFormat = "json" } = workload;
    const rates = ratesOf(workload).map(String);
    return (
      `${clients} ${clients === 1 ? "client" : "clients"} with a stream each, prompts of ${promptBytesOf(workload)} B, ` +
      `${rates.join(", ")} tokens/s as ${tokenFormat === "json" ? "JSON deltas" : "bare text"}`
    );
  },
  async play(stage) {
    const { clients, durationMs: forMs, warmUpMs } = stage.workload;
    const promptBytes = promptBytesOf(stage.workload);
    const mainRate = mainRateOf(stage.workload);
    const main = { promptBytes, answer: answerOf(stage.workload, mainRate), pauseMs };
    await stage.phase("connect", () =>
      stage.clients.connect(clients, { channels: "own", prompts: true }),
    );
    await stage.warmUp(() => stage.clients.prompt({ ...main, forMs: warmUpMs }));
    const phases: TokenPhase[] = [];
    for (const rate of ratesOf(stage.workload)) {
      const answer = answerOf(stage.workload, rate);
      const phase = await stage.phase(`${rate} tokens/s`, () =>
        stage.clients.prompt({ promptBytes, answer, pauseMs, forMs }),
      );
      phases.push({ rate, isMain: rate === mainRate, phase });
    }
    const search = new StreamSearch(stage, {
      prompting: main,
      first: 4 * clients,
      least: clients / 4,
    });
    await searchAndState(stage, search, (brokenOff) =>
      tokenFigures(stage, phases, search, brokenOff),
    );
    await stage.clients.disconnect();
  },
});

function promptBytesOf({ promptBytes, payloadBytes }: Workload): number {
  return promptBytes ?? payloadBytes;
}

/** The mean rates that are played, in tokens a second. */
function ratesOf({ tokenRates, ratePerSecond }: Workload): readonly number[] {
  const all = tokenRates ?? [slowest, ratePerSecond, fastest];
  return [...new Set(all)].toSorted((one, other) => one - other);
}

/** The one that figures are of where nothing else is said: the middle of those that are named. */
function mainRateOf(workload: Workload): number {
  const rates = ratesOf(workload);
  const middle = rates[Math.floor(rates.length / 2)] ?? workload.ratePerSecond;
  return workload.tokenRates === undefined ? workload.ratePerSecond : middle;
}

function answerOf(workload: Workload, tokensPerSecond: number): Answer {
  const { tokens: asked, firstTokenMs = usualFirstTokenMs, tokenFormat = "json" } = workload;
  const usual = Math.max(2, Math.round(usualAnswerS * tokensPerSecond));
  return { firstTokenMs, tokens: asked ?? usual, tokensPerSecond, format: tokenFormat };
}
