import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import * as z from "zod";
import { exitCodes } from "../../bench/errors/errors.ts";
import { bench, comparisonIn, serveCommand } from "./bench-command.ts";
import { parsedFlags } from "./flags.ts";
import { freeUrl } from "./free-port.ts";
import { writeSection } from "./proof-document.ts";
import { shareOf, shareWithInterval } from "./share.ts";
import { CountedCheck } from "./counted-check.ts";

const flagsSchema = z.object({
  checks: z.coerce.number().int().min(1).max(1_000),
  transports: z.string().min(1),
  pairs: z.coerce.number().int().min(7).max(200),
  seed: z.coerce.number().int().min(0).max(2_000_000_000),
  docs: z.string().min(1).optional(),
});

/** One real check of a server against itself: what is timed by pairs, what is counted by a baseline. */
interface AaCheck {
  readonly variant: string;
  readonly timed: Part;
  readonly pairs: number;
  readonly counted: Part;
}

interface Part {
  readonly outcome: string;
  readonly seconds: number;
  /** Why it isn't a pass: the first sentence of what was found. */
  readonly why: string;
}

/** Short trials, so that a check takes less than a minute, and thirty of them half an hour. */
const trial = ["--duration", "600ms", "--warmup", "300ms"];
const scenarios = "integrity,overhead";

/** `aa`: A/A checks, where nothing has changed, on real sockets; each that fails is a false alarm. */
export async function proveByAaChecks(given: unknown): Promise<void> {
  const { checks, transports, pairs, seed, docs } = parsedFlags(flagsSchema, given);
  const variants = transports.split(",");
  const folder = await mkdtemp(join(tmpdir(), "bench-aa-"));
  try {
    const baselines = new Map<string, CountedCheck>();
    const played: AaCheck[] = [];
    for (let index = 0; index < checks; index += 1) {
      const variant = variants[index % variants.length] ?? "";
      const counted = baselines.get(variant) ?? (await storeBaseline(folder, variant));
      baselines.set(variant, counted);
      const check = await playedCheck(
        join(folder, `${index}`),
        variant,
        { seed: seed + index, pairs },
        counted,
      );
      played.push(check);
      process.stderr.write(`${index + 1} of ${checks}: ${rowOf(check).join(", ")}\n`);
    }
    const { text, falseAlarms } = summary(played);
    process.stdout.write(`${text}\n`);
    if (falseAlarms > 0) process.exitCode = exitCodes.failed;
    const command = `npm run prove:check -- aa --checks ${checks} --transports ${transports} --pairs ${pairs} --seed ${seed}`;
    if (docs === undefined) return;
    const section = `\`\`\`\n${text}\n\`\`\`\n\nProduced by \`${command}\`.`;
    writeSection(join(docs, "check-proof.md"), "aa", section);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function storeBaseline(folder: string, variant: string): Promise<CountedCheck> {
  const counted = new CountedCheck(
    join(folder, variant.replaceAll(/\W/g, "-")),
    variant,
    scenarios,
  );
  await counted.update();
  return counted;
}

async function playedCheck(
  folder: string,
  variant: string,
  { seed, pairs }: { readonly seed: number; readonly pairs: number },
  counted: CountedCheck,
): Promise<AaCheck> {
  const command = serveCommand(variant, null);
  const result = await bench([
    "ab",
    "--target",
    await freeUrl(),
    "--transports",
    variant,
    ...trial,
    "--baseline-command",
    command,
    "--candidate-command",
    command,
    "--max-pairs",
    `${pairs}`,
    "--seed",
    `${seed}`,
    "--out",
    folder,
    "--quiet",
  ]);
  const timed = await comparisonIn(folder);
  const checked = await counted.play(`${seed}`);
  const { explored = 0, confirming = 0 } = timed?.pairs ?? {};
  return {
    variant,
    timed: partOf(timed, result),
    pairs: explored + confirming,
    counted: partOf(checked.comparison, checked.result),
  };
}

type Found = Awaited<ReturnType<typeof comparisonIn>>;

function partOf(
  comparison: Found,
  { code, lastLine, seconds }: Awaited<ReturnType<typeof bench>>,
): Part {
  if (comparison === null) return { outcome: "failed", seconds, why: `${code}: ${lastLine}` };
  const { outcome, problems, changes } = comparison;
  const decisive = changes.find(({ verdict }) => verdict === outcome);
  const detail =
    decisive === undefined ? "" : `${decisive.variant} ${decisive.metric}: ${decisive.reason}`;
  return { outcome, seconds, why: outcome === "pass" ? "" : (problems[0]?.text ?? detail) };
}

function rowOf({ variant, timed, pairs, counted }: AaCheck): string[] {
  return [
    variant,
    timed.outcome,
    `${pairs}`,
    `${timed.seconds.toFixed(0)} s`,
    counted.outcome,
    `${counted.seconds.toFixed(0)} s`,
  ];
}

function summary(played: readonly AaCheck[]): { text: string; falseAlarms: number } {
  const table = new Table({
    head: ["variant", "bench ab", "pairs", "took", "bench check", "took"],
    style: { head: [], border: [] },
  });
  for (const check of played) table.push(rowOf(check));
  const hasFailed = ({ outcome }: Part): boolean => outcome === "regressed" || outcome === "failed";
  const timed = shareOf(played, (check) => hasFailed(check.timed));
  const counted = shareOf(played, (check) => hasFailed(check.counted));
  const open = shareOf(played, ({ timed: { outcome } }) => outcome === "inconclusive");
  const whys = played.flatMap(({ timed, counted }) => [timed.why, counted.why].filter(Boolean));
  const text = [
    table.toString(),
    `False alarms with their 95 % interval: bench ab ${shareWithInterval(timed)}, bench check ${shareWithInterval(counted)}.`,
    `bench ab was inconclusive in ${open.hits} of ${open.total}.`,
    ...whys.map((why) => `- ${why}`),
  ].join("\n");
  return { text, falseAlarms: timed.hits + counted.hits };
}
