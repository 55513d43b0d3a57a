import { AssertionError } from "node:assert";
import { inspect } from "node:util";
import { formatMs } from "../../transports/option-values.ts";
import { asError } from "../../transports/protocol-error.ts";
import type { CaseOutcome, Conclusion } from "./conform.ts";
import type { ContractTest } from "./contract.ts";
import { CaseSkipped, Mismatch, oneLine } from "./mismatch.ts";

/** Plays a contract's tests one after the other, each for at most `limitMs`; `report` is called as each ends. */
export async function playContract(
  tests: readonly ContractTest[],
  limitMs: number,
  report: (outcome: CaseOutcome) => void,
): Promise<readonly CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  for (const { client, name, skipped, run, ...test } of tests) {
    // Nothing is required that can't be fulfilled.
    const level = skipped === null ? test.level : "optional";
    const outcome: Conclusion =
      skipped === null
        ? await conclusionOf(() => inTime(run, limitMs))
        : { kind: "skipped", reason: skipped };
    outcomes.push({ name: `${client}: ${name}`, level, outcome });
    report({ name: `${client}: ${name}`, level, outcome });
  }
  return outcomes;
}

async function conclusionOf(run: () => Promise<void>): Promise<Conclusion> {
  try {
    await run();
    return { kind: "passed" };
  } catch (error) {
    if (error instanceof CaseSkipped) return { kind: "skipped", reason: oneLine(error.message) };
    return { kind: "failed", ...difference(error) };
  }
}

function difference(error: unknown): { expected: string; received: string } {
  if (error instanceof Mismatch) return error;
  if (error instanceof AssertionError && error.generatedMessage) {
    return { expected: shown(error.expected), received: shown(error.actual) };
  }
  return { expected: "otherwise", received: oneLine(asError(error).message) };
}

function shown(value: unknown): string {
  return oneLine(inspect(value, { breakLength: Infinity, maxArrayLength: 3, maxStringLength: 60 }));
}

/** How long a test may take to say itself what it has waited for. */
const graceMs = 500;

/** Ends the waiting, and what an outsider's code throws where nobody catches it is the outcome. */
async function inTime(run: () => Promise<void>, limitMs: number): Promise<void> {
  const over = new AbortController();
  const failed = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`nothing more within ${formatMs(limitMs)}`)),
      limitMs + graceMs,
    );
    process.on("uncaughtException", reject);
    over.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      process.off("uncaughtException", reject);
    });
  });
  try {
    await Promise.race([run(), failed]);
  } finally {
    over.abort();
  }
}
