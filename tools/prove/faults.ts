import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import * as z from "zod";
import { exitCodes } from "../../bench/errors/errors.ts";
import type { Fault } from "../../bench/settings/fault.ts";
import type { Comparison } from "../../bench/results/comparison.ts";
import { bench, comparisonIn, serveCommand } from "./bench-command.ts";
import { parsedFlags } from "./flags.ts";
import { freeUrl } from "./free-port.ts";
import { writeSection } from "./proof-document.ts";
import { CountedCheck } from "./counted-check.ts";

const flagsSchema = z.object({
  only: z.string().min(1).optional(),
  docs: z.string().min(1).optional(),
});

/** A change for the worse, and the metric that has to name it in every variant. */
interface Injection {
  readonly name: string;
  readonly what: string;
  readonly variants: readonly string[];
  readonly metrics: readonly string[];
  /** Finds it; the comparison is null where it got none. */
  readonly play: (folder: string, variants: readonly string[]) => Promise<Comparison | null>;
}

const all = ["websocket", "sse", "long-polling", "short-polling"];
const polls = ["long-polling", "short-polling@100ms"];

/** What is counted is found by `bench check`, what is timed by `bench ab`. */
const injections: readonly Injection[] = [
  {
    name: "grow",
    what: "+1 byte a message",
    variants: all,
    metrics: ["bytesPerMessage", "framingBytes"],
    play: playCheck("overhead", { kind: "grow", bytes: 1 }),
  },
  {
    name: "drop",
    what: "one message in 10 000 lost",
    variants: all,
    metrics: ["lost"],
    play: playCheck("integrity", { kind: "drop", oneIn: 10_000 }),
  },
  {
    name: "leak",
    what: "4 kB leaked per connection",
    variants: all,
    metrics: ["heap"],
    play: playCheck("connections", { kind: "leak", bytes: 4_096 }),
  },
  {
    name: "close",
    what: "a poll endpoint that closes its connections",
    variants: polls,
    metrics: ["newConnections"],
    play: playCheck("overhead", { kind: "close" }),
  },
  {
    name: "nagle",
    what: "Nagle on",
    variants: ["long-polling"],
    metrics: ["p50"],
    play: playPairs({ kind: "nagle" }),
  },
  {
    name: "delay",
    what: "20 % more time before the send",
    variants: ["sse"],
    metrics: ["p50"],
    play: playPairs((p50Ms) => ({ kind: "delay", byMs: Number((0.2 * p50Ms).toFixed(3)) })),
  },
];

interface Caught {
  readonly injection: Injection;
  readonly outcome: string;
  /** As `variant metric: reason`. */
  readonly named: readonly string[];
  readonly isCaught: boolean;
  readonly seconds: number;
}

/** `faults`: makes servers worse on purpose, and looks whether the right metric names it. */
export async function proveByFaults(given: unknown): Promise<void> {
  const { only, docs } = parsedFlags(flagsSchema, given);
  const chosen = injections.filter(
    ({ name }) => only === undefined || only.split(",").includes(name),
  );
  const folder = await mkdtemp(join(tmpdir(), "bench-faults-"));
  try {
    const caught: Caught[] = [];
    for (const injection of chosen) {
      const result = await playInjection(join(folder, injection.name), injection);
      process.stderr.write(`${injection.what}: ${result.isCaught ? "caught" : "MISSED"}\n`);
      caught.push(result);
    }
    const text = summary(caught);
    process.stdout.write(`${text}\n`);
    if (!caught.every(({ isCaught }) => isCaught)) process.exitCode = exitCodes.failed;
    if (docs === undefined) return;
    const section = `\`\`\`\n${text}\n\`\`\`\n\nProduced by \`npm run prove:check -- faults\`.`;
    writeSection(join(docs, "check-proof.md"), "faults", section);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function playInjection(folder: string, injection: Injection): Promise<Caught> {
  const { variants, metrics, play } = injection;
  const startMs = performance.now();
  const comparison = await play(folder, variants);
  const worse = comparison?.changes.filter(({ verdict }) => verdict === "regressed") ?? [];
  const isNamed = (variant: string): boolean =>
    worse.some((change) => change.variant === variant && metrics.includes(change.metric));
  return {
    injection,
    outcome: comparison?.outcome ?? "nothing",
    named: worse.map(
      ({ variant, scenario, metric, reason }) => `${variant}.${scenario} ${metric}: ${reason}`,
    ),
    isCaught: comparison?.outcome === "regressed" && variants.every(isNamed),
    seconds: (performance.now() - startMs) / 1_000,
  };
}

/** By `bench check`, against a baseline of the same without the fault. */
function playCheck(scenarios: string, fault: Fault): Injection["play"] {
  return async (folder, variants) => {
    const check = new CountedCheck(folder, variants.join(","), scenarios);
    await check.update();
    return (await check.play("checked", fault)).comparison;
  };
}

/** By `bench ab`, of a server with the fault and one without, whose p50 the fault may hang on. */
function playPairs(fault: Fault | ((p50Ms: number) => Fault)): Injection["play"] {
  return async (folder, [variant = ""]) => {
    if (typeof fault === "object") return pairs(join(folder, "after"), variant, fault);
    // As few as there may be: all that is wanted of them is the level.
    const before = await pairs(join(folder, "before"), variant, null, ["--max-pairs", "7"]);
    const p50 = before?.changes.find(({ metric }) => metric === "p50")?.baseline?.level;
    return p50 === undefined ? null : pairs(join(folder, "after"), variant, fault(p50 / 1e6));
  };
}

/** As the latency scenario has it by itself. */
const trial = ["--clients", "50", "--rate", "20", "--duration", "1200ms", "--warmup", "400ms"];

async function pairs(
  out: string,
  variant: string,
  fault: Fault | null,
  more: readonly string[] = [],
): Promise<Comparison | null> {
  await bench([
    "ab",
    ...more,
    ...trial,
    "--target",
    await freeUrl(),
    "--transports",
    variant,
    "--baseline-command",
    serveCommand(variant, null),
    "--candidate-command",
    serveCommand(variant, fault),
    "--out",
    out,
    "--quiet",
  ]);
  return comparisonIn(out);
}

function summary(caught: readonly Caught[]): string {
  const table = new Table({
    head: ["fault", "variants", "verdict", "named", "took"],
    style: { head: [], border: [] },
  });
  for (const { injection, outcome, named, isCaught, seconds } of caught) {
    const metrics = new Set(named.map((change) => change.replace(/^\S+ (\w+):.*$/, "$1")));
    table.push([
      injection.what,
      injection.variants.join("\n"),
      isCaught ? outcome : `${outcome}: MISSED`,
      [...metrics].join("\n"),
      `${seconds.toFixed(0)} s`,
    ]);
  }
  const reasons = caught.flatMap(({ injection, named }) => [
    `${injection.what}:`,
    ...(named.length === 0 ? ["- nothing was reported"] : named.map((change) => `- ${change}`)),
  ]);
  return [table.toString(), ...reasons].join("\n");
}
