import { join } from "node:path";
import { Command } from "commander";
import * as z from "zod";
import { wholeNumber } from "../../transports/option-values.ts";
import { asError } from "../../transports/protocol-error.ts";
import { BenchError, exitCodes, knownAre, usageError } from "../../bench/errors/errors.ts";
import { isForward } from "../../bench/proxies/define-proxy.ts";
import { proxies } from "../../bench/proxies/index.ts";
import { doctor } from "./detector.ts";
import type { Detected } from "./detector.ts";
import { parsedFlags } from "./flags.ts";
import { planted, throughChains } from "./planted.ts";
import { plantedText } from "./planted-text.ts";
import { writeSection } from "./proof-document.ts";
import { ServedTarget } from "./stopped-process.ts";
import { Turns } from "./turns.ts";

/*
 * The proof that a buffer and a cut-off are found where they are, with the right figure, and nowhere else:
 * `npm run prove:through`.
 */

/** Longer than what is planted. */
const boundMs = 9_000;

const flagsSchema = z.object({
  planted: wholeNumber(0, 10_000),
  clean: wholeNumber(0, 10_000),
  atOnce: wholeNumber(1, 200),
  timedAtOnce: wholeNumber(1, 50),
  proxy: z.string(),
  docs: z.string().optional(),
});

const program = new Command("prove:through")
  .description("Proves that what is planted in front of a server is found, and nothing else.")
  .option("--planted <n>", "how often something is planted", "100")
  .option("--clean <n>", "how often nothing is", "300")
  .option("--at-once <n>", "how many wait side by side", "60")
  .option("--timed-at-once <n>", "how many are timed side by side", "4")
  .option("--proxy <name>", "the transparent one, corrected", "nginx")
  .option("--docs <folder>", "write the section of its proxies.md")
  .action(prove);

async function prove(given: unknown): Promise<void> {
  const flags = parsedFlags(flagsSchema, given);
  const reverse = proxies.filter((proxy) => !isForward(proxy));
  const proxy = reverse.find(({ name }) => name === flags.proxy);
  if (proxy === undefined) {
    throw usageError(
      `--proxy: "${flags.proxy}" is unknown; ${knownAre(reverse.map(({ name }) => name))}`,
    );
  }
  const startedMs = performance.now();
  await using served = await ServedTarget.answering();
  const { hostname: host, port } = new URL(served.url);
  const server = { host, port: Number(port) };
  const atOnce = new Turns(flags.atOnce);
  const timed = new Turns(flags.timedAtOnce);
  const all = (urls: readonly URL[], count: number): Promise<(Detected | Error)[]> =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        atOnce.take(async () => {
          const url = urls[index % urls.length] ?? new URL(served.url);
          return await doctor.detect(url, boundMs, timed).catch((error: unknown) => asError(error));
        }),
      ),
    );
  const [found, clean] = await throughChains(proxy, server, true, (harmed) =>
    throughChains(proxy, server, false, (unharmed) =>
      Promise.all([all(harmed, flags.planted), all(unharmed, flags.clean)]),
    ),
  );
  const outcome = plantedText({
    detector: doctor.name,
    proxy: proxy.title ?? proxy.name,
    planted,
    found,
    clean,
    seconds: (performance.now() - startedMs) / 1_000,
    command: `npm run prove:through -- ${process.argv.slice(2).join(" ")}`.replace(/ -- $/, ""),
  });
  process.stdout.write(`${outcome.text}\n`);
  if (flags.docs !== undefined) {
    writeSection(join(flags.docs, "proxies.md"), "planted", outcome.text);
  }
  if (!outcome.isProved) process.exitCode = exitCodes.failed;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = exitCodes.usage;
}
