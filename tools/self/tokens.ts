import { mergeHistograms } from "../../bench/measure/histogram.ts";
import { forkProcess } from "../../bench/processes/remote.ts";
import { percentileNs } from "../../bench/results/percentile.ts";
import type { Histogram } from "../../bench/results/schema.ts";
import { promptOf } from "../../bench/tokens/prompt.ts";
import { TokenTexts } from "../../bench/tokens/token-texts.ts";
import { medianOf } from "../../bench/statistics/basics.ts";
import type { Answer } from "../../scenarios/scenario.ts";
import { byTurns } from "./contest.ts";
import type { Contest, Opponent } from "./contest.ts";
import type { BareTokenVerbs } from "./protocol.ts";
import { startServer } from "./servers.ts";
import { started } from "./starting.ts";
import { TokenStreams } from "./token-streams.ts";
import type { Asked } from "./token-streams.ts";

const streams = 500;

const answer: Answer = { firstTokenMs: 200, tokens: 80, tokensPerSecond: 80, format: "json" };

const variant = "streaming+method=post";

const turns = 3;

/** Only the head of a prompt is read. */
const promptBytes = 256;

/** A server of tokens, with what reads its streams. */
interface TokenServer extends AsyncDisposable {
  readonly port: number;
  /** Its processor time while `body` runs. */
  cpuMsDuring(body: () => Promise<void>): Promise<number>;
}

/** Tokens per CPU-second of the server process that makes them, and whether it keeps up. */
export function tokenContest(): Contest {
  const late: Histogram[] = [];
  const shares: number[] = [];
  return {
    variant,
    row: {
      name: `tokens: ${streams} streams of ${answer.tokensPerSecond} tokens/s`,
      unit: "tokens",
      lessIsBetter: false,
      // Else what it is to make in a second would take a whole core, or more.
      aim: { of: "first", atLeast: streams * answer.tokensPerSecond },
    },
    async play(order) {
      await using first = await startServer(variant);
      await using second = await startBareTokens();
      const servers = { first, second };
      await first.answerPrompts();
      for (const opponent of order) await tokensPerSecond(servers[opponent]);
      const figures = await byTurns(order, turns, async (opponent: Opponent) => {
        if (opponent === "first") await first.answerPrompts();
        const { perSecond, coreShare } = await tokensPerSecond(servers[opponent]);
        if (opponent === "first") {
          late.push(await first.tokensSent());
          shares.push(coreShare);
        }
        return perSecond;
      });
      return figures;
    },
    remarks: () => [generatorText(mergeHistograms(late), shares)],
  };
}

/** Per CPU-second, and how much of a core that was. */
async function tokensPerSecond(
  server: TokenServer,
): Promise<{ readonly perSecond: number; readonly coreShare: number }> {
  // Fresh ones: servers soon close those that are idle.
  using reader = await TokenStreams.open(streams, askedOf(server.port));
  let passedMs = 0;
  const cpuMs = await server.cpuMsDuring(async () => {
    const startMs = performance.now();
    await reader.ask();
    passedMs = performance.now() - startMs;
  });
  const perSecond = (streams * answer.tokens * 1_000) / cpuMs;
  return { perSecond, coreShare: cpuMs / passedMs };
}

function generatorText(late: Histogram, shares: readonly number[]): string {
  const p99 = percentileNs(late, 0.99);
  const share = medianOf(shares);
  const sent = p99 === null ? "n/a" : `${(p99 / 1e6).toFixed(1)} ms`;
  const used = share === null ? "n/a" : `${(100 * share).toFixed(0)} %`;
  return (
    `${streams} streams of ${answer.tokensPerSecond} tokens/s: the harness's server used ${used} of a core, ` +
    `and sent 99 % of the tokens no later than ${sent} after they were due.`
  );
}

function askedOf(port: number): Asked {
  return {
    port,
    body: (client) => promptOf({ client, request: 0, answer }, promptBytes),
  };
}

async function startBareTokens(): Promise<TokenServer> {
  const remote = forkProcess<BareTokenVerbs>("tools/self/bare-tokens", "bare server");
  const { words } = new TokenTexts("json", { ends: false });
  const lines = words.map(({ text }, id) => `{"id":${id},"data":${JSON.stringify(text)}}\n`);
  const { port } = await started(remote, remote.call("start", { answer, lines }));
  return {
    port,
    async cpuMsDuring(body) {
      await remote.call("begin", {});
      await body();
      return (await remote.call("end", {})).cpuMs;
    },
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
}
