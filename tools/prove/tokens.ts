import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtFile } from "../../bench/files/package-files.ts";
import { Command } from "commander";
import * as z from "zod";
import { oneOf, wholeNumber } from "../../transports/option-values.ts";
import { BenchError, exitCodes } from "../../bench/errors/errors.ts";
import { readResults } from "../../bench/results/files.ts";
import { asError } from "../../transports/protocol-error.ts";
import { bench } from "./bench-command.ts";
import { parsedFlags } from "./flags.ts";
import { writeSection } from "./proof-document.ts";
import { argumentsFor, tokenParts, trialsOfEach } from "./token-plan.ts";
import type { TokenPart } from "./token-plan.ts";
import { tokenText } from "./token-text.ts";
import type { TokenTrial } from "./token-text.ts";
import { Turns } from "./turns.ts";

/*
 * The proof that tokens which something holds back are told of, and no others: `npm run prove:tokens`. Each trial is one
 * of `bench run`, with its processes.
 */

const flagsSchema = z.object({
  planted: wholeNumber(1, 10_000),
  clean: wholeNumber(1, 10_000),
  atOnce: wholeNumber(1, 16),
  only: oneOf("relay", "nginx", "clean").optional(),
  docs: z.string().optional(),
});

const program = new Command("prove:tokens")
  .description("Proves that tokens which are held back are told of, and no others.")
  .option("--planted <n>", "how often each buffer is planted, at least", "100")
  .option("--clean <n>", "how often none is, at least", "300")
  .option("--at-once <n>", "how many runs go on side by side", "1")
  .option("--only <part>", "only relay, nginx or clean")
  .option("--docs <folder>", "write the section of its tokens.md")
  .action(prove);

const adapter = fileURLToPath(builtFile("tools/prove/token-watch.js"));

async function prove(given: unknown): Promise<void> {
  const flags = parsedFlags(flagsSchema, given);
  const startedMs = performance.now();
  const folder = await mkdtemp(join(tmpdir(), "bench-tokens-"));
  const turns = new Turns(flags.atOnce);
  const failures: string[] = [];
  try {
    const chosen = tokenParts.filter(({ name }) => flags.only === undefined || name === flags.only);
    const parts = await Promise.all(
      chosen.map(async (part) => {
        const wanted = part.name === "clean" ? flags.clean : flags.planted;
        const trials = trialsOfEach(part, wanted);
        const played = await Promise.all(
          part.rates.map((rate) =>
            turns.take(() => play(part, rate, trials, join(folder, `${part.name}-${rate}`))),
          ),
        );
        failures.push(...played.flatMap((outcome) => outcome.failures));
        return { part, trials: played.flatMap((outcome) => outcome.trials) };
      }),
    );
    const command = `npm run prove:tokens -- ${process.argv.slice(2).join(" ")}`;
    const outcome = tokenText({
      parts,
      failures,
      seconds: (performance.now() - startedMs) / 1_000,
      command: command.replace(/ -- $/, ""),
    });
    process.stdout.write(`${outcome.text}\n`);
    if (flags.docs !== undefined)
      writeSection(join(flags.docs, "tokens.md"), "tokens", outcome.text);
    if (!outcome.isProved) process.exitCode = exitCodes.failed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Plays a part at one rate. Invalid trials count too: a machine that stalls has to cause no alarm. */
async function play(
  part: TokenPart,
  rate: number,
  trials: number,
  out: string,
): Promise<{ readonly trials: readonly TokenTrial[]; readonly failures: readonly string[] }> {
  const { lastLine } = await bench(argumentsFor(part, rate, { trials, adapter, out }));
  const results = await readResults(out).catch(asError);
  if (results instanceof Error) {
    const why = lastLine === "" ? results.message : lastLine;
    return { trials: [], failures: [`${part.name} at ${rate}/s: ${why}`] };
  }
  const { trials: played } = results;
  process.stderr.write(`${part.name} at ${rate}/s: ${played.length} trials\n`);
  return {
    trials: played.flatMap(({ variant, figures, outcome }): TokenTrial[] => {
      if (outcome.status === "failed") return [];
      const valueOf = (key: string): unknown => figures.find((figure) => figure.key === key)?.value;
      const [buffer, heldMs] = [valueOf("buffer"), valueOf("held")];
      return [
        {
          variant,
          rate,
          buffer: typeof buffer === "string" ? buffer : null,
          heldMs: typeof heldMs === "number" ? heldMs : null,
        },
      ];
    }),
    failures: played.flatMap(({ variant, outcome }) =>
      outcome.status === "failed" ? [`${variant} at ${rate}/s: ${outcome.reason}`] : [],
    ),
  };
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = exitCodes.usage;
}
