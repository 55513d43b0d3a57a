import { BenchError } from "../errors/errors.ts";
import { NoAnswer } from "../processes/deadline.ts";
import { ProcessEnded } from "../processes/remote.ts";
import type { TrialOutcome } from "../results/schema.ts";
import { asProse } from "../results/texts.ts";
import { withoutSecrets } from "../errors/secrets.ts";

/** A trial can't go on, and machine or harness, not the server, is the cause. */
export class MachineFailure extends Error {}

/**
 * The outcome of a trial that an error ended: the server is taken for the cause unless the machine is known to be.
 */
export function failure(error: unknown): TrialOutcome {
  return {
    status: "failed",
    by: isMachines(error) ? "machine" : "server",
    reason: withoutSecrets(asProse(error instanceof Error ? error.message : String(error))),
    stderr: error instanceof ProcessEnded ? withoutSecrets(error.stderr) : "",
  };
}

function isMachines(error: unknown): boolean {
  // A publisher whose server is gone says so in its farewell.
  if (error instanceof ProcessEnded) return error.process !== "server" && !error.isExplained;
  if (error instanceof NoAnswer) return error.process !== "server";
  // A `BenchError` comes from a trial's network that couldn't be made.
  return error instanceof MachineFailure || error instanceof BenchError;
}
