import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { exitCodes } from "../../bench/errors/errors.ts";
import { faultVariable } from "../../bench/settings/fault.ts";
import type { Fault } from "../../bench/settings/fault.ts";
import { comparisonSchema } from "../../bench/results/comparison.ts";
import type { Comparison } from "../../bench/results/comparison.ts";
import { packageCommand } from "../../bench/files/package-files.ts";

/** How a command of `bench` ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly seconds: number;
  /** The last line of standard error. */
  readonly lastLine: string;
}

const cli = packageCommand();

/** The command line of `bench serve` for a shell, with a fault in it or without. */
export function serveCommand(variant: string, fault: Fault | null): string {
  const prefix = fault === null ? "" : `${faultVariable}='${JSON.stringify(fault)}' `;
  const words = [process.execPath, ...process.execArgv, cli, "serve", "--transport", variant];
  return `${prefix}${words.map((word) => `'${word}'`).join(" ")}`;
}

/** Ended when this process ends; they end what they have started. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});
process.once("SIGTERM", () => process.exit(exitCodes.interrupted));

/** Runs `bench` as its users do, in a process of its own, with a fault for all that it starts or without. */
export async function bench(
  args: readonly string[],
  fault: Fault | null = null,
): Promise<CommandResult> {
  const startMs = performance.now();
  const child = spawn(process.execPath, [...process.execArgv, cli, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, [faultVariable]: fault === null ? "" : JSON.stringify(fault) },
  });
  running.add(child);
  const ended = once(child, "close");
  const stderr = await text(child.stderr);
  await ended;
  running.delete(child);
  const seconds = (performance.now() - startMs) / 1_000;
  const lastLine = stderr.trim().split("\n").at(-1) ?? "";
  return { code: child.exitCode, seconds, lastLine };
}

/** The comparison that a command has saved in its folder; null where it didn't get that far. */
export async function comparisonIn(folder: string): Promise<Comparison | null> {
  const written = await readFile(join(folder, "comparison.json"), "utf8").catch(() => null);
  return written === null ? null : comparisonSchema.parse(JSON.parse(written));
}
