import { join } from "node:path";
import * as z from "zod";
import { exitCodes } from "../../bench/errors/errors.ts";
import { draw } from "./draw.ts";
import { parsedFlags } from "./flags.ts";
import { writeSection } from "./proof-document.ts";
import { simulationCharts } from "./simulation-charts.ts";
import { aimsOf, simulationTables } from "./simulation-text.ts";
import { simulate } from "./simulation.ts";

const flagsSchema = z.object({
  checks: z.coerce.number().int().min(100).max(100_000),
  seed: z.coerce.number().int().min(0).max(2_147_483_647),
  docs: z.string().min(1).optional(),
});

/** Simulates checks, prints the outcomes and, where a folder is named, writes it there with its charts. */
export async function proveBySimulation(given: unknown): Promise<void> {
  const { docs, ...settings } = parsedFlags(flagsSchema, given);
  const startMs = performance.now();
  const simulation = simulate(settings);
  const tables = simulationTables(simulation).join("\n");
  const aims = aimsOf(simulation);
  const verdicts = aims.map(({ text, isMet }) => `${text}; ${isMet ? "met" : "NOT MET"}.`);
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(0);
  process.stdout.write(`${tables}\n${verdicts.join("\n")}\n${seconds} s\n`);
  if (!aims.every(({ isMet }) => isMet)) process.exitCode = exitCodes.failed;
  if (docs === undefined) return;
  const command = `npm run prove:check -- simulate --checks ${settings.checks} --seed ${settings.seed}`;
  const charts = simulationCharts(simulation);
  await draw(charts, join(docs, "pictures"));
  writeSection(
    join(docs, "check-proof.md"),
    "simulate",
    [
      verdicts.map((verdict) => `- ${verdict}`).join("\n"),
      ...charts.map(({ name, title }) => `![${title}](pictures/${name}.png)`),
      `\`\`\`\n${tables}\n\`\`\``,
      `Produced by \`${command}\`, in ${seconds} s.`,
    ].join("\n\n"),
  );
}
